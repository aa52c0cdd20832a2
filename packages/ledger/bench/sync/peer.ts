import { genesisHash } from '@neurovoyance/ledger'
import type { ChainCall, ChainHandlers, ChainNetwork } from '@neurovoyance/ledger/node'
import type { ChainSnapshot } from '@neurovoyance/protocol'
import type { BusyChain } from './busy-chain.ts'

const PEER = 'old-node'
/** Blocks in one answer. */
const MOST_BLOCKS = 32

/** What else a peer is made from. */
interface PeerInit {
  readonly snapshots?: readonly ChainSnapshot[]
  /** It is asked for blocks for the first time. */
  readonly onAsked?: () => void
}

/** A node that has all of a chain, without a network in between. */
export function peerWith(chain: BusyChain, { snapshots = [], onAsked = () => {} }: PeerInit = {}) {
  let isAsked = false
  const call = (async (
    _: string,
    method: string,
    { body }: { body: { first?: number; limit?: number; height?: number } },
  ) => {
    const { blocks } = chain
    if (method === 'Blocks') {
      if (!isAsked) onAsked()
      isAsked = true
      const first = body.first!
      const some = blocks.slice(first - 1, first - 1 + Math.min(body.limit!, MOST_BLOCKS))
      return {
        body: { first },
        attachments: some.flatMap(({ block, commit }) => [block.slice(), commit.slice()]),
      }
    }
    if (method === 'LightBlock') {
      const height = body.height ?? chain.height
      const made = blocks[height - 1]
      if (made === undefined) throw new Error(`there is no block ${height}`)
      return { body: { height }, attachments: [made.light] }
    }
    if (method === 'Snapshots') return { body: { snapshots }, attachments: [] }
    throw new Error(`nobody asks ${method} here`)
  }) as unknown as ChainCall
  return { peerId: PEER, call, network: (): ChainNetwork => networkOf(chain, call) }
}

function networkOf(chain: BusyChain, call: ChainCall): ChainNetwork {
  const { chainId } = chain.genesis
  const hello = { hello: { chainId, genesis: genesisHash(chain.genesis) } }
  const head = { head: { height: chain.height, first: 1 } }
  return {
    peers: () => [PEER],
    onPeer: () => () => {},
    call,
    async *gossip(_, messages, signal) {
      const stopped = new Promise<undefined>(resolve => {
        signal.addEventListener('abort', () => resolve(undefined), { once: true })
      })
      const said = messages[Symbol.asyncIterator]()
      for (;;) {
        const next = await Promise.race([said.next(), stopped])
        if (next === undefined || next.done) return
      }
    },
    serve(handlers: ChainHandlers) {
      const ending = new AbortController()
      const caller = { peerId: PEER, signal: ending.signal }
      async function* words() {
        for (const body of [hello, head]) yield { body, attachments: [] }
        await new Promise<void>(resolve =>
          ending.signal.addEventListener('abort', () => resolve(), { once: true }),
        )
      }
      const hear = async (): Promise<void> => {
        for await (const _ of handlers.Gossip(words(), caller)) break
      }
      hear().catch(error => console.error(error))
      return () => ending.abort()
    },
  }
}
