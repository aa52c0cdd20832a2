import type { CallContext, Handlers, Rpc } from '@neurovoyance/p2p'
import {
  type Message,
  NeurovoyanceError,
  type ReceivedMessage,
  type ServiceDefinition,
} from '@neurovoyance/protocol'

type UnaryHandler = (
  request: ReceivedMessage<unknown>,
  context: CallContext,
) => Message<unknown> | Promise<Message<unknown>>

/**
 * The same RPC, on which a node can also call itself: libp2p dials no peer that is its own. Such calls go
 * straight to the handler, with the deadline and cancellation of any other.
 */
export function withLoopback(rpc: Rpc, ownPeerId: string): Rpc {
  const served = new Map<string, Record<string, UnaryHandler | undefined>>()
  return {
    ...rpc,
    serve<Service extends ServiceDefinition>(service: Service, handlers: Handlers<Service>) {
      const stop = rpc.serve(service, handlers)
      served.set(service.name, handlers as Record<string, UnaryHandler>)
      return () => {
        served.delete(service.name)
        stop()
      }
    },
    call: ((peerId, service, method, message, options = {}) => {
      if (peerId !== ownPeerId) return rpc.call(peerId, service, method, message, options)
      const handler = served.get(service.name)?.[method]
      if (handler === undefined) {
        return Promise.reject(
          new NeurovoyanceError(
            'P2P_UNSUPPORTED_SERVICE',
            `This node does not serve ${service.name}.${method}.`,
          ),
        )
      }
      return callHandler(handler, message, ownPeerId, options)
    }) as Rpc['call'],
  }
}

interface LoopbackOptions {
  signal?: AbortSignal
  timeoutMs?: number
  trace?: string
}

async function callHandler(
  handler: UnaryHandler,
  message: Message<unknown>,
  peerId: string,
  { signal, timeoutMs, trace }: LoopbackOptions,
): Promise<ReceivedMessage<unknown>> {
  const deadline = timeoutMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + timeoutMs
  const signals = [
    ...(signal ? [signal] : []),
    ...(timeoutMs === undefined ? [] : [AbortSignal.timeout(Math.ceil(timeoutMs))]),
  ]
  const context: CallContext = {
    peerId,
    signal: AbortSignal.any(signals),
    remainingMs: () => deadline - performance.now(),
    trace,
  }
  const answer = await handler(receive(message), context)
  return receive(answer)
}

function receive<T>({ body, attachments = [] }: Message<T>): ReceivedMessage<T> {
  return {
    body,
    attachments: attachments.map(attachment =>
      attachment instanceof Uint8Array ? attachment : Buffer.concat(attachment),
    ),
  }
}
