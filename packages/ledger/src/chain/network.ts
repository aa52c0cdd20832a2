import type {
  ChainGossip,
  ChainGossipEnd,
  ChainService,
  Message,
  ReceivedMessage,
  RequestOf,
  ResponseOf,
} from '@neurovoyance/protocol'

type Methods = (typeof ChainService)['methods']

/** What one asks of a chain's node and gets an answer to. */
export type ChainMethod = Exclude<keyof Methods & string, 'Gossip'>

export type ChainRequest<Method extends ChainMethod> = RequestOf<typeof ChainService, Method>
export type ChainResponse<Method extends ChainMethod> = ResponseOf<typeof ChainService, Method>

/** How long a call may take. */
export interface ChainCallOptions {
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
}

/** Asks a node of the chain: `p2p`'s RPC, bound to `ChainService`. */
export type ChainCall = <Method extends ChainMethod>(
  peerId: string,
  method: Method,
  message: Message<ChainRequest<Method>>,
  options?: ChainCallOptions,
) => Promise<ReceivedMessage<ChainResponse<Method>>>

/** What a handler knows of a call. */
export interface ChainCaller {
  readonly peerId: string
  readonly signal: AbortSignal
}

/** What a chain answers to other nodes. Errors with a code reach the caller with it. */
export type ChainHandlers = {
  readonly [Method in ChainMethod]: (
    request: ReceivedMessage<ChainRequest<Method>>,
    caller: ChainCaller,
  ) => Promise<Message<ChainResponse<Method>>>
} & {
  Gossip(
    messages: AsyncIterable<ReceivedMessage<ChainGossip>>,
    caller: ChainCaller,
  ): AsyncIterable<Message<ChainGossipEnd>>
}

/** How a chain's node reaches others: `p2p`'s host fits it. */
export interface ChainNetwork {
  /** Peers that are connected now, whether they know this chain or not. */
  peers(): readonly string[]
  /** Tells who comes and goes. Returns what stops that. */
  onPeer(listener: (event: { type: 'connect' | 'disconnect'; peerId: string }) => void): () => void
  readonly call: ChainCall
  /** Speaks to a peer until `messages` ends or `signal` aborts; the answer is empty. */
  gossip(
    peerId: string,
    messages: AsyncIterable<Message<ChainGossip>>,
    signal: AbortSignal,
  ): AsyncIterable<ReceivedMessage<ChainGossipEnd>>
  /** Answers others. Returns what stops that. */
  serve(handlers: ChainHandlers): () => void
}
