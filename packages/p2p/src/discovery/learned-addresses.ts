import type { Libp2p, PeerId, PeerInfo, PeerRouting, PeerStore, PeerUpdate } from '@libp2p/interface'

/** How long a peer's addresses are waited for. */
const WAIT_MS = 5_000

interface Components {
  peerStore: PeerStore
  events: Pick<Libp2p, 'addEventListener' | 'removeEventListener'>
}

/**
 * Finds a peer as soon as the peer store learns its addresses, from peer exchange for instance. Without it a dial
 * that began before would wait for the DHT alone, and every later dial to that peer would join it.
 */
export function learnedAddresses(): (components: Components) => PeerRouting {
  return ({ peerStore, events }) => ({
    async *getClosestPeers() {},
    async findPeer(peerId, options = {}) {
      const signal = AbortSignal.any([
        AbortSignal.timeout(WAIT_MS),
        ...(options.signal ? [options.signal] : []),
      ])
      const known = await knownAddresses(peerStore, peerId)
      if (known.multiaddrs.length > 0) return known
      return new Promise<PeerInfo>((resolve, reject) => {
        const onUpdate = ({ detail: { peer } }: CustomEvent<PeerUpdate>): void => {
          if (!peer.id.equals(peerId) || peer.addresses.length === 0) return
          end()
          resolve({ id: peerId, multiaddrs: peer.addresses.map(({ multiaddr }) => multiaddr) })
        }
        const onAbort = (): void => {
          end()
          reject(signal.reason)
        }
        const end = (): void => {
          events.removeEventListener('peer:update', onUpdate)
          signal.removeEventListener('abort', onAbort)
        }
        events.addEventListener('peer:update', onUpdate)
        signal.addEventListener('abort', onAbort)
      })
    },
  })
}

async function knownAddresses(peerStore: PeerStore, peerId: PeerId): Promise<PeerInfo> {
  const addresses = (await peerStore.has(peerId)) ? (await peerStore.get(peerId)).addresses : []
  return { id: peerId, multiaddrs: addresses.map(({ multiaddr }) => multiaddr) }
}
