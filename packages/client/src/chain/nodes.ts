import { bytesOf, type ChainCallOptions } from '@neurovoyance/ledger'
import type { Clock } from '@neurovoyance/protocol'
import { type Failure, failureOf, noNode } from './no-chain.js'
import type { ChainPeers } from './peers.js'
import type { ChainName } from './trust/store.js'

/** A node that serves the chain, as it says itself. */
export interface ChainNode {
  readonly peerId: string
  readonly height: number
  readonly catchingUp: boolean
}

/** The nodes of a chain among a program's peers. */
export interface ChainNodes {
  /** Those that serve the chain, the most useful first. */
  list(options?: ChainCallOptions): Promise<readonly ChainNode[]>
  /** Asks the peers anew, the next time. */
  refresh(): void
  /** Asks a node last for a while: it failed. */
  passOver(peerId: string): void
  /** Asks a node nothing for longer, as long as there are others: it said what cannot be. */
  distrust(peerId: string): void
}

/** What it is made from. */
export interface ChainNodesInit {
  readonly peers: ChainPeers
  readonly chain: ChainName
  /** Only these are asked, where it is given. */
  readonly only?: readonly string[] | undefined
  readonly clock: Clock
}

/** For how long what peers said of themselves holds. */
const FRESH_MS = 10_000
/** For how long a node is passed over. */
const PASSED_OVER_MS = 30_000
/** For how long one is not asked at all. */
const DISTRUSTED_MS = 600_000
const STATUS_TIMEOUT_MS = 5_000
/** Peers that are asked at most. */
const MOST_PEERS = 64

/** What peers answered: those that keep the chain, and what came of the others. */
interface Found {
  readonly nodes: readonly ChainNode[]
  readonly failures: readonly Failure[]
}

/** Finds the nodes of a chain: every connected peer is asked how far it is. */
export function createChainNodes({ peers, chain, only, clock }: ChainNodesInit): ChainNodes {
  const genesis = bytesOf(chain.genesis)
  const passedOver = new Map<string, number>()
  const distrusted = new Map<string, number>()
  let known: { readonly askedAt: number; readonly of: string; readonly found: Promise<Found> } | undefined

  const statusOf = async (peerId: string, signal: AbortSignal | undefined): Promise<ChainNode | Failure> => {
    const options = { timeoutMs: STATUS_TIMEOUT_MS, ...(signal && { signal }) }
    try {
      const { body } = await peers.call(peerId, 'Status', { body: {} }, options)
      const same =
        body.chainId === chain.chainId && genesis.every((byte, index) => byte === body.genesis[index])
      return same
        ? { peerId, height: body.height, catchingUp: body.catchingUp }
        : { node: peerId, code: undefined, message: `it keeps another chain, ${body.chainId}` }
    } catch (error) {
      return failureOf(peerId, error)
    }
  }
  const ask = async (peerIds: readonly string[], signal?: AbortSignal): Promise<Found> => {
    const answers = await Promise.all(peerIds.map(peerId => statusOf(peerId, signal)))
    const isNode = (answer: ChainNode | Failure): answer is ChainNode => 'height' in answer
    return {
      nodes: answers.filter(isNode),
      failures: answers.filter((answer): answer is Failure => !isNode(answer)),
    }
  }

  const isIn = (list: ReadonlyMap<string, number>, { peerId }: ChainNode): boolean =>
    (list.get(peerId) ?? Number.NEGATIVE_INFINITY) > clock.monotonicMs()
  const put = (list: Map<string, number>, peerId: string, forMs: number): void => {
    list.delete(peerId)
    list.set(peerId, clock.monotonicMs() + forMs)
    if (list.size > MOST_PEERS) list.delete(list.keys().next().value as string)
  }

  return {
    async list({ signal } = {}) {
      const connected = peers.peers().filter(peerId => only?.includes(peerId) ?? true)
      const asked = connected.slice(0, MOST_PEERS)
      const of = asked.toSorted().join()
      const now = clock.monotonicMs()
      if (known === undefined || known.of !== of || now - known.askedAt > FRESH_MS) {
        known = { askedAt: now, of, found: ask(asked, signal) }
      }
      const { nodes, failures } = await known.found
      signal?.throwIfAborted()
      if (nodes.length === 0) {
        // next time they are asked again
        known = undefined
        throw noNode(chain, failures)
      }
      const trusted = nodes.filter(node => !isIn(distrusted, node))
      return (trusted.length === 0 ? nodes : trusted).toSorted(
        (a, b) =>
          Number(isIn(passedOver, a)) - Number(isIn(passedOver, b)) ||
          Number(a.catchingUp) - Number(b.catchingUp) ||
          b.height - a.height,
      )
    },
    refresh() {
      known = undefined
    },
    passOver: peerId => put(passedOver, peerId, PASSED_OVER_MS),
    distrust: peerId => put(distrusted, peerId, DISTRUSTED_MS),
  }
}
