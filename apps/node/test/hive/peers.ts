import type { NodeProcess } from '@neurovoyance/testing/hive'

/** PeerIds of those that a node is connected to. */
export async function peersOf({ gateway }: NodeProcess): Promise<string[]> {
  const response = await fetch(`${gateway.url}/nv/v1/peers`, {
    headers: { authorization: `Bearer ${gateway.token}` },
  })
  return ((await response.json()) as { peerId: string }[]).map(({ peerId }) => peerId)
}

/** Waits until a node is connected to a peer, to any when none is named. */
export async function untilPeer(node: NodeProcess, peerId?: string): Promise<void> {
  for (;;) {
    const peers = await peersOf(node)
    if (peerId === undefined ? peers.length > 0 : peers.includes(peerId)) return
  }
}
