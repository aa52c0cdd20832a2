import type { Outbox } from './outbox.js'
import type { NodeHead } from './ports.js'

/** Another node that is connected. */
export interface Peer {
  readonly id: string
  /** What waits for it, while a stream to it is open. */
  outbox: Outbox | undefined
  /** Ends the stream to it. */
  hangUpOutgoing: AbortController | undefined
  /** Ends its stream to this node; set once it has said that it speaks of this chain. */
  hangUpIncoming: AbortController | undefined
  /** How far it says that it is. */
  head: NodeHead | undefined
  /** Whom it hears itself. */
  sources: ReadonlySet<string>
  /** Parts of this height that came without a proposal, and those that did not fit. */
  unfounded: number
  unfitting: number
  /** When it was answered last, by the monotonic clock. */
  answeredAt: number
}

/** A peer of which nothing is known yet. */
export function newPeer(id: string): Peer {
  return {
    id,
    outbox: undefined,
    hangUpOutgoing: undefined,
    hangUpIncoming: undefined,
    head: undefined,
    sources: new Set(),
    unfounded: 0,
    unfitting: 0,
    answeredAt: Number.NEGATIVE_INFINITY,
  }
}

/**
 * Those to whom goes on what `from` said: not those who hear `from` themselves. Where everyone is connected with
 * everyone nothing is passed on; on any other net it reaches all: whoever does not pass something on to a peer does so
 * because that peer hears somebody who had it earlier, and the first of those is who said it to all.
 */
export function* listeners(peers: Iterable<Peer>, from?: string): Generator<Outbox> {
  for (const { id, outbox, sources } of peers) {
    if (outbox === undefined || (from !== undefined && (id === from || sources.has(from)))) continue
    yield outbox
  }
}
