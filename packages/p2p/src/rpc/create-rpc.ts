import type { Connection, Stream } from '@libp2p/interface'
import {
  type Clock,
  type Codec,
  type Logger,
  type MethodDefinition,
  type ServiceDefinition,
  silentLogger,
  systemClock,
} from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'
import type { Penalty } from './conduct.js'
import { DuplexCall, type Source } from './duplex-call.js'
import { createEndpoint, type RpcLibp2p } from './endpoint.js'
import { InboundStream } from './inbound-stream.js'
import { defaultRpcLimits, type RpcLimits } from './limits.js'
import { type CalledMethod, cancelled } from './outbound-call.js'
import { protocolIds } from './protocol-id.js'
import { RunningCalls } from './running-calls.js'
import { type ServedMethod, type ServedMethods, servedMethods } from './served-method.js'
import { type PooledService, StreamPool } from './stream-pool.js'
import type { CallOptions, Rpc, RpcGate } from './types.js'
import { UnaryCall } from './unary-call.js'

/** What RPC is made from. */
export interface RpcInit {
  /** The started (or starting) libp2p node. */
  libp2p: RpcLibp2p
  /** Default: says nothing. */
  logger?: Logger
  /** Default: the machine's clock. */
  clock?: Clock
  /** Default: `defaultRpcLimits`; given fields replace its. */
  limits?: Partial<RpcLimits>
  /** Who may call at all. Default: everyone that libp2p lets connect. */
  gate?: RpcGate
  /** Told of every broken rule, for the host's connection gater. Default: nobody is. */
  onPenalty?: (peerId: string, penalty: Penalty) => void
}

type AnyMethod = MethodDefinition<unknown, unknown>
type PreparedMethod = CalledMethod & { readonly request: Codec<unknown> }

interface PreparedService extends PooledService {
  readonly methods: ReadonlyMap<string, PreparedMethod>
}

/**
 * Typed remote procedures over a libp2p node.
 *
 * @example
 * const rpc = createRpc({ libp2p })
 * rpc.serve(EchoService, { Echo: ({ body }) => ({ body }) })
 * const { body } = await rpc.call(peerId, EchoService, 'Echo', { body: { text: 'hello' } }, { timeoutMs: 1000 })
 */
export function createRpc(init: RpcInit): Rpc {
  const limits = Object.freeze({ ...defaultRpcLimits, ...init.limits })
  const { logger = silentLogger, clock = systemClock, libp2p, gate, onPenalty } = init
  const endpoint = createEndpoint({ libp2p, logger, clock, limits, gate, onPenalty })
  const pool = new StreamPool(endpoint)
  const running = new RunningCalls(endpoint)
  const prepared = new WeakMap<ServiceDefinition, PreparedService>()
  const stops = new Set<() => void>()
  let closed = false

  function prepare(service: ServiceDefinition): PreparedService {
    let known = prepared.get(service)
    if (known === undefined) {
      const methods = new Map<string, PreparedMethod>()
      for (const method of Object.values(service.methods) as AnyMethod[]) {
        const { name, request, response, maxAttachmentBytes } = method
        methods.set(name, { service: service.name, name, request, response, maxAttachmentBytes })
      }
      known = { name: service.name, protocolIds: protocolIds(service), methods }
      prepared.set(service, known)
    }
    return known
  }

  function assertCallable(method: string, { signal }: CallOptions): void {
    if (closed) throw new P2pError('P2P_HOST_CLOSED', 'RPC is closed: make a new host to call again.')
    if (signal?.aborted === true) throw cancelled(method, signal)
  }

  async function accept(methods: ServedMethods, stream: Stream, connection: Connection): Promise<void> {
    const peerId = connection.remotePeer.toString()
    const refused = endpoint.conduct.isShunned(peerId) ? 'it keeps breaking the rules' : undefined
    if (closed || refused !== undefined) {
      stream.abort(new Error(`the peer is refused: ${refused ?? 'RPC is closed'}`))
      return
    }
    const admitted = gate === undefined ? true : gate(peerId, connection)
    if (admitted === true || (await admitted))
      new InboundStream(stream, connection, endpoint, methods, running)
    else stream.abort(new Error('the peer is not admitted'))
  }

  const rpc: Rpc = {
    serve(service, handlers) {
      const methods = servedMethods(service, handlers as Record<string, ServedMethod['handler'] | undefined>)
      const ids = protocolIds(service)
      const options = {
        maxInboundStreams: limits.inboundStreamsPerService,
        maxOutboundStreams: limits.outboundStreamsPerService,
        runOnLimitedConnection: true,
      }
      const onStream = (stream: Stream, connection: Connection) => accept(methods, stream, connection)
      for (const id of ids) {
        libp2p
          .handle(id, onStream, options)
          .catch(error => logger.error({ err: error, id }, 'Could not serve'))
      }
      const stop = () => {
        if (!stops.delete(stop)) return
        libp2p.unhandle(ids).catch(error => logger.debug({ err: error, ids }, 'Could not stop serving'))
      }
      stops.add(stop)
      return stop
    },

    call(peerId, service, name, message, options = {}) {
      return new Promise((resolve, reject) => {
        assertCallable(name, options)
        const target = prepare(service as unknown as ServiceDefinition)
        const method = target.methods.get(name)!
        const encoded = { body: method.request.encode(message.body), attachments: message.attachments }
        const outcome = { resolve: resolve as (answer: unknown) => void, reject, giveBack: pool.giveBack }
        const call = new UnaryCall(endpoint, peerId, method, encoded, options, outcome)
        pool.take(target, call)
        call.watch()
      })
    },

    async *duplex(peerId, service, name, source, options = {}) {
      assertCallable(name, options)
      const target = prepare(service as unknown as ServiceDefinition)
      const method = target.methods.get(name)!
      const call = new DuplexCall(endpoint, peerId, method, source as Source, options, pool.giveBack)
      pool.take(target, call)
      call.watch()
      yield* call.answers as AsyncIterable<never>
    },

    stats: () => ({ ...endpoint.counters, inFlightBytes: endpoint.budget.heldBytes }),

    close() {
      if (closed) return
      closed = true
      for (const stop of [...stops]) stop()
      pool.close()
      endpoint.close()
      endpoint.deadlines.close()
    },
  }
  return rpc
}
