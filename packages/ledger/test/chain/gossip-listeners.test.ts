import { describe, expect, it } from 'vitest'
import { Outbox } from '../../src/chain/gossip/outbox.js'
import { listeners, newPeer, type Peer } from '../../src/chain/gossip/peer.js'

const hello = { chainId: 'here-1', genesis: new Uint8Array(32) }

const limits = { waitingMessages: 3, waitingParts: 2, waitingTransactionBytes: 100 }

describe('who is told', () => {
  const peer = (id: string, sources: readonly string[]): Peer => ({
    ...newPeer(id),
    outbox: new Outbox(hello, limits),
    sources: new Set(sources),
  })

  it('nobody, of what one heard from another, where everyone hears everyone', () => {
    const peers = [peer('a', ['b', 'c', 'me']), peer('b', ['a', 'c', 'me']), peer('c', ['a', 'b', 'me'])]
    expect([...listeners(peers, 'a')]).toEqual([])
    expect([...listeners(peers)]).toEqual(peers.map(({ outbox }) => outbox))
  })

  it('those who do not hear it from whom it came, in a line', () => {
    const peers = [peer('left', ['me']), peer('right', ['me'])]
    expect([...listeners(peers, 'left')]).toEqual([peers[1]!.outbox])
  })

  it('nobody whose stream is not open', () => {
    expect([...listeners([newPeer('a')])]).toEqual([])
  })

  // Every net of up to six nodes that hangs together, and every node as the one that speaks first.
  it('everyone, in the end, on any net', () => {
    for (let size = 2; size <= 5; size++) {
      const pairs = [...Array(size).keys()].flatMap(a => [...Array(a).keys()].map(b => [a, b] as const))
      for (let net = 0; net < 2 ** pairs.length; net++) {
        const edges = pairs.filter((_, bit) => (net >> bit) & 1)
        const beside = (node: number): number[] =>
          edges.flatMap(([a, b]) => (a === node ? [b] : b === node ? [a] : []))
        for (let origin = 0; origin < size; origin++) {
          expect(spread(origin, beside)).toEqual(reachable(origin, beside))
        }
      }
    }
  })
})

/** Who has a message in the end, if each passes it on by the rule of `listeners`. */
function spread(origin: number, beside: (node: number) => number[]): Set<number> {
  const has = new Set([origin])
  const queue: { node: number; from: number | undefined }[] = [{ node: origin, from: undefined }]
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { node, from } = next
    const boxes = new Map<Outbox, number>()
    const peers = beside(node).map(id => {
      const outbox = new Outbox(hello, limits)
      boxes.set(outbox, id)
      return { ...newPeer(String(id)), outbox, sources: new Set(beside(id).map(String)) }
    })
    for (const outbox of listeners(peers, from === undefined ? undefined : String(from))) {
      const to = boxes.get(outbox)!
      if (has.has(to)) continue
      has.add(to)
      queue.push({ node: to, from: node })
    }
  }
  return has
}

function reachable(origin: number, beside: (node: number) => number[]): Set<number> {
  const found = new Set([origin])
  for (const node of found) for (const next of beside(node)) found.add(next)
  return found
}
