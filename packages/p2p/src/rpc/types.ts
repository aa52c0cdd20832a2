import type { Connection } from '@libp2p/interface'
import type { Message, MethodDefinition, ReceivedMessage, ServiceDefinition } from '@neurovoyance/protocol'

type Methods<Service extends ServiceDefinition> = Service['methods']

/** The names of a service's methods of one kind. */
export type MethodName<Service extends ServiceDefinition, Kind extends 'unary' | 'duplex'> = {
  [Name in keyof Methods<Service>]: Methods<Service>[Name]['kind'] extends Kind ? Name : never
}[keyof Methods<Service>] &
  string

type Definition<Service extends ServiceDefinition, Name extends keyof Methods<Service>> =
  Methods<Service>[Name] extends MethodDefinition<infer Request, infer Response, infer Kind>
    ? { request: Request; response: Response; kind: Kind }
    : never

/** The request body of a method. */
export type RequestOf<Service extends ServiceDefinition, Name extends keyof Methods<Service>> = Definition<
  Service,
  Name
>['request']

/** The response body of a method. */
export type ResponseOf<Service extends ServiceDefinition, Name extends keyof Methods<Service>> = Definition<
  Service,
  Name
>['response']

/** What a handler knows of the call beside its message. */
export interface CallContext {
  /** Who calls, proven by the connection's handshake. */
  readonly peerId: string
  /** Aborts when the caller cancels, goes away, or its deadline passes. */
  readonly signal: AbortSignal
  /** Milliseconds until the caller's deadline; `Infinity` where it set none. */
  remainingMs(): number
  /** The caller's W3C `traceparent`, where it sent a valid one. */
  readonly trace: string | undefined
}

/** Answers one call. What it throws reaches the caller: coded errors as they are, others as `P2P_REMOTE_INTERNAL`. */
export type UnaryHandler<Request, Response> = (
  request: ReceivedMessage<Request>,
  context: CallContext,
) => Message<Response> | Promise<Message<Response>>

/** Answers a stream of messages with a stream of messages; the caller is paused while `requests` is not read. */
export type DuplexHandler<Request, Response> = (
  requests: AsyncIterable<ReceivedMessage<Request>>,
  context: CallContext,
) => AsyncIterable<Message<Response>>

/** The handlers of a service: one per method, or a part of them (the rest answer `P2P_UNSUPPORTED_METHOD`). */
export type Handlers<Service extends ServiceDefinition> = {
  [Name in keyof Methods<Service>]?: Definition<Service, Name>['kind'] extends 'duplex'
    ? DuplexHandler<RequestOf<Service, Name>, ResponseOf<Service, Name>>
    : UnaryHandler<RequestOf<Service, Name>, ResponseOf<Service, Name>>
}

/** Options of one call. */
export interface CallOptions {
  /** Cancels the call here and at the other end. */
  signal?: AbortSignal
  /** Milliseconds from now until the call ends with `P2P_DEADLINE_EXCEEDED`; unary calls default to `limits.callTimeoutMs`, streams to none. */
  timeoutMs?: number
  /** A W3C `traceparent` that travels with the call. */
  trace?: string
  /** Gives the buffer for an attachment of `byteLength`; by default each has a new one of its own. */
  allocate?: (byteLength: number) => Uint8Array
}

/** What this endpoint has seen, for metrics. */
export interface RpcStats {
  /** Calls made to others and finished, well or badly. */
  callsMade: number
  /** Calls of others that were answered, well or badly. */
  callsServed: number
  /** Calls of others that run now. */
  callsRunning: number
  /** Calls that were refused because of a limit. */
  callsRefused: number
  /** Streams that were reset because a peer broke the rules. */
  streamsReset: number
  /** Connections that were closed because a peer kept on doing so. */
  peersDropped: number
  /** Bytes of large messages held now. */
  inFlightBytes: number
}

/** Whether a peer may call at all: private swarms answer after their membership handshake. */
export type RpcGate = (peerId: string, connection: Connection) => boolean | Promise<boolean>

/** Typed remote procedures between peers. */
export interface Rpc {
  /**
   * Answers calls of a service; returns a function that stops it.
   * Peers with the same major version are served, whatever their minor.
   */
  serve<Service extends ServiceDefinition>(service: Service, handlers: Handlers<Service>): () => void

  /**
   * Calls a unary method of `peerId` and gives its answer.
   *
   * @throws P2pError `P2P_PEER_UNREACHABLE`, `P2P_UNSUPPORTED_SERVICE`, `P2P_DEADLINE_EXCEEDED`, `P2P_CANCELLED`,
   * `P2P_STREAM_RESET`, `P2P_LIMIT_EXCEEDED`; errors of the handler come as `NeurovoyanceError` with its code.
   */
  call<Service extends ServiceDefinition, Name extends MethodName<Service, 'unary'>>(
    peerId: string,
    service: Service,
    method: Name,
    message: Message<RequestOf<Service, Name>>,
    options?: CallOptions,
  ): Promise<ReceivedMessage<ResponseOf<Service, Name>>>

  /**
   * Opens a both-way stream to a method of `peerId`: sends what `source` yields, yields what comes back.
   * Leaving the loop cancels the call; a slow reader slows the other end down.
   */
  duplex<Service extends ServiceDefinition, Name extends MethodName<Service, 'duplex'>>(
    peerId: string,
    service: Service,
    method: Name,
    source: Iterable<Message<RequestOf<Service, Name>>> | AsyncIterable<Message<RequestOf<Service, Name>>>,
    options?: CallOptions,
  ): AsyncIterable<ReceivedMessage<ResponseOf<Service, Name>>>

  /** Counters since the start. */
  stats(): RpcStats

  /** Ends every call with `P2P_CANCELLED`, closes the pooled streams and stops serving. */
  close(): void
}
