/** A network in memory for the nodes of chains: every message travels as bytes, as it would between machines. */
import {
  ChainService,
  type Clock,
  type Codec,
  errorCode,
  NeurovoyanceError,
  type ReceivedMessage,
  type Message as RpcMessage,
  systemClock,
} from '@neurovoyance/protocol'
import type { ChainCall, ChainHandlers, ChainMethod, ChainNetwork } from '../../src/chain/network.js'

/** What the network is made from. */
export interface ChainsInit {
  /** Names of its nodes. */
  ids: readonly string[]
  /** Pairs that are connected at the beginning; all when left out. */
  links?: readonly (readonly [string, string])[]
  /** How long a message takes. Default: none, but never at once. */
  delayMs?: number
  clock?: Clock
}

/** Nodes of chains and what is between them. */
export interface ConnectedChains {
  /** What the node of this name is given. */
  node(id: string): ChainNetwork
  connect(a: string, b: string): void
  disconnect(a: string, b: string): void
  /** Leaves only the links within a group. */
  partition(...groups: readonly (readonly string[])[]): void
  /** Connects every pair. */
  heal(): void
  /** Breaks every stream and call that is under way; the links stay. */
  breakStreams(): void
  /** How many messages of gossip arrived at a node. */
  heard(id: string): number
}

type Listener = (event: { type: 'connect' | 'disconnect'; peerId: string }) => void

interface Node {
  handlers: ChainHandlers | undefined
  readonly peers: Set<string>
  readonly listeners: Set<Listener>
  heard: number
}

/** Messages that a stream holds before its sender has to wait. */
const HELD = 32

/** A network of these nodes. */
export function connectChains({ ids, links, delayMs = 0, clock = systemClock }: ChainsInit): ConnectedChains {
  const nodes = new Map<string, Node>(
    ids.map(id => [id, { handlers: undefined, peers: new Set(), listeners: new Set(), heard: 0 }]),
  )
  const underWay = new Map<AbortController, readonly [string, string]>()
  const nodeOf = (id: string): Node => {
    const node = nodes.get(id)
    if (node === undefined) throw new RangeError(`there is no node ${id}`)
    return node
  }

  function connect(a: string, b: string): void {
    if (a === b || nodeOf(a).peers.has(b)) return
    nodeOf(a).peers.add(b)
    nodeOf(b).peers.add(a)
    tell(a, b, 'connect')
  }

  function disconnect(a: string, b: string): void {
    if (!nodeOf(a).peers.delete(b)) return
    nodeOf(b).peers.delete(a)
    for (const [ending, ends] of underWay) if (ends.includes(a) && ends.includes(b)) ending.abort()
    tell(a, b, 'disconnect')
  }

  function tell(a: string, b: string, type: 'connect' | 'disconnect'): void {
    for (const listener of [...nodeOf(a).listeners]) listener({ type, peerId: b })
    for (const listener of [...nodeOf(b).listeners]) listener({ type, peerId: a })
  }

  const travel = (): Promise<void> =>
    new Promise(resolve => {
      if (delayMs > 0) clock.after(delayMs, resolve)
      else setImmediate(resolve)
    })

  /** The handlers of a peer, and what ends with the link or the caller's patience. */
  function reach(from: string, to: string, signal?: AbortSignal) {
    const handlers = nodeOf(from).peers.has(to) ? nodeOf(to).handlers : undefined
    if (handlers === undefined) throw remote('P2P_PEER_UNREACHABLE', `${to} cannot be reached from ${from}`)
    const ending = new AbortController()
    underWay.set(ending, [from, to])
    const end = (): void => ending.abort()
    signal?.addEventListener('abort', end)
    if (signal?.aborted) end()
    const done = (): void => {
      underWay.delete(ending)
      signal?.removeEventListener('abort', end)
    }
    return { handlers, ending, done }
  }

  const callFrom =
    (from: string): ChainCall =>
    async (to, method, message, options) => {
      const { handlers, ending, done } = reach(from, to, options?.signal)
      try {
        const { request, response } = codecsOf(method)
        const answer = async () => {
          const asked = arrived(message, request)
          await travel()
          const handler = handlers[method] as (
            request: ReceivedMessage<unknown>,
            caller: { peerId: string; signal: AbortSignal },
          ) => Promise<RpcMessage<unknown>>
          const answered = await handler(asked, { peerId: from, signal: ending.signal })
          await travel()
          return arrived(answered, response)
        }
        return (await orBroken(answer(), ending.signal)) as never
      } catch (error) {
        throw asRemote(error)
      } finally {
        done()
      }
    }

  async function* gossip(
    from: string,
    to: string,
    messages: Parameters<ChainNetwork['gossip']>[1],
    signal: AbortSignal,
  ): ReturnType<ChainNetwork['gossip']> extends AsyncIterable<infer T> ? AsyncGenerator<T> : never {
    const { handlers, ending, done } = reach(from, to, signal)
    const pipe = new Pipe<ReceivedMessage<never>>(HELD)
    const { request, response } = ChainService.methods.Gossip
    const iterator = messages[Symbol.asyncIterator]()
    const pump = async (): Promise<void> => {
      for (let step = await iterator.next(); step.done !== true; step = await iterator.next()) {
        if (ending.signal.aborted) return
        const message = arrived(step.value, request)
        await travel()
        nodeOf(to).heard++
        await pipe.push(message as never)
      }
      pipe.end()
    }
    const stop = (): void => {
      pipe.end(remote('P2P_STREAM_RESET', 'the stream broke'))
      void iterator.return?.()
    }
    ending.signal.addEventListener('abort', stop)
    pump().catch(error => pipe.end(error))
    try {
      const answers = handlers.Gossip(pipe, { peerId: from, signal: ending.signal })[Symbol.asyncIterator]()
      for (;;) {
        const step = await orBroken(answers.next(), ending.signal)
        if (step.done === true) return
        yield arrived(step.value, response) as never
      }
    } catch (error) {
      throw asRemote(error)
    } finally {
      stop()
      done()
    }
  }

  for (const a of ids) {
    for (const b of ids) {
      if (links === undefined || links.some(link => link.includes(a) && link.includes(b))) connect(a, b)
    }
  }

  return {
    connect,
    disconnect,
    node: id => ({
      peers: () => [...nodeOf(id).peers],
      onPeer(listener) {
        nodeOf(id).listeners.add(listener)
        return () => nodeOf(id).listeners.delete(listener)
      },
      call: callFrom(id),
      gossip: (peerId, messages, signal) => gossip(id, peerId, messages, signal),
      serve(handlers) {
        nodeOf(id).handlers = handlers
        return () => {
          nodeOf(id).handlers = undefined
        }
      },
    }),
    partition(...groups) {
      for (const a of ids) {
        for (const b of ids)
          if (!groups.some(group => group.includes(a) && group.includes(b))) disconnect(a, b)
      }
    },
    heal() {
      for (const a of ids) for (const b of ids) connect(a, b)
    },
    breakStreams() {
      for (const ending of [...underWay.keys()]) ending.abort()
    },
    heard: id => nodeOf(id).heard,
  }
}

function codecsOf(method: ChainMethod): { request: Codec<unknown>; response: Codec<unknown> } {
  return ChainService.methods[method] as { request: Codec<unknown>; response: Codec<unknown> }
}

/** What arrives of a message: another object, from its bytes. */
function arrived<T>({ body, attachments = [] }: RpcMessage<T>, codec: Codec<T>): ReceivedMessage<T> {
  return {
    body: codec.decode(codec.encode(body)),
    attachments: attachments.map(part =>
      part instanceof Uint8Array ? part.slice() : new Uint8Array(Buffer.concat([...part])),
    ),
  }
}

const remote = (code: string, message: string): NeurovoyanceError => new NeurovoyanceError(code, message)

/** An error as it reaches the other side: its code and message. */
function asRemote(error: unknown): NeurovoyanceError {
  const code = errorCode(error) ?? 'P2P_INTERNAL'
  return remote(code, error instanceof Error ? error.message : String(error))
}

function orBroken<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(remote('P2P_STREAM_RESET', 'the stream broke'))
    if (signal.aborted) fail()
    signal.addEventListener('abort', fail, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', fail))
  })
}

/** Messages on their way: the sender waits where the reader does not keep up. */
class Pipe<T> implements AsyncIterable<T> {
  readonly #held: T[] = []
  readonly #most: number
  #wakes: (() => void)[] = []
  #end: { error: unknown } | undefined

  constructor(most: number) {
    this.#most = most
  }

  async push(item: T): Promise<void> {
    while (this.#held.length >= this.#most && this.#end === undefined) await this.#changed()
    this.#held.push(item)
    this.#notify()
  }

  end(error?: unknown): void {
    this.#end ??= { error }
    this.#notify()
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return {
      next: async () => {
        for (;;) {
          if (this.#end?.error !== undefined) throw this.#end.error
          const item = this.#held.shift()
          if (item !== undefined) {
            this.#notify()
            return { done: false, value: item }
          }
          if (this.#end !== undefined) return { done: true, value: undefined }
          await this.#changed()
        }
      },
      return: async () => {
        this.end()
        return { done: true, value: undefined }
      },
    }
  }

  #changed(): Promise<void> {
    return new Promise(resolve => this.#wakes.push(resolve))
  }

  #notify(): void {
    const wakes = this.#wakes
    this.#wakes = []
    for (const wake of wakes) wake()
  }
}
