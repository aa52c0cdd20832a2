import type { Host } from '@neurovoyance/p2p'
import type { Artifacts } from '@neurovoyance/p2p/artifacts'
import type { Clock, Logger } from '@neurovoyance/protocol'
import type { Dispatcher, Market } from '@neurovoyance/scheduler'
import { ClientError } from './errors.js'
import type { MarketFeed } from './market/feed.js'
import type { ModelSignature } from './models/signature.js'

/** What the client's functions work with: `createClient` makes it, a test may fake it. */
export interface ClientContext {
  /** This client on the network. */
  readonly host: Host
  /** The offers that this client knows of. */
  readonly market: Market
  /** Keeps the market fresh. */
  readonly feed: MarketFeed
  /** Chooses nodes, tries again on others, keeps deadlines. */
  readonly dispatcher: Dispatcher
  /** What models take and give, by `<cid>/<file>`, as far as it was asked. */
  readonly signatures: Map<string, ModelSignature>
  readonly clock: Clock
  readonly logger: Logger
  /** Time for a request that does not say. */
  readonly deadlineMs: number
  /** The bootstrap addresses that the client was given. */
  readonly bootstrap: readonly string[]
  /** Aborts when the client closes. */
  readonly closing: AbortSignal
  /** The files that this client serves to nodes; opened on first use, on Node only. */
  artifacts(): Promise<Artifacts>
}

/** @throws ClientError `CLIENT_CLOSED` */
export function assertOpen({ closing }: ClientContext): void {
  if (closing.aborted) throw new ClientError('CLIENT_CLOSED', 'the client was closed; create another one')
}

/** A signal that aborts with the caller's or when the client closes. */
export function requestSignal({ closing }: ClientContext, signal: AbortSignal | undefined): AbortSignal {
  return signal === undefined ? closing : AbortSignal.any([closing, signal])
}
