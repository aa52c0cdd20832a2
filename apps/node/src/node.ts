import {
  type Clock,
  type Logger,
  type Random,
  silentLogger,
  systemClock,
  systemRandom,
} from '@neurovoyance/protocol'
import { NodeError } from './errors.js'
import type { NodeContext, Provided, Service, ServiceFactory, Services } from './service.js'

/** What a node is made from. */
export interface NodeInit<Factories> {
  /** The node's services by name, started in this order and closed in the reverse. */
  services: Factories & Services<Factories>
  /** Where the node logs; nowhere when left out. */
  logger?: Logger
  /** Time; the machine's when left out. */
  clock?: Clock
  /** Randomness; the platform's when left out. */
  random?: Random
}

/** A running node. */
export interface Node<Factories> {
  readonly services: Provided<Factories>
  /** Names of the services that run; while the node closes, the last is the one that is closing. */
  running(): readonly string[]
  /** Closes every service, the last started first. Safe to call more than once. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts a node from a list of services.
 *
 * When one service fails to start, those already started are closed and the failure is thrown.
 *
 * @throws NodeError `NODE_SERVICE_ORDER` when a service uses one that is listed after it.
 */
export async function createNode<Factories extends Record<string, ServiceFactory<never, unknown>>>(
  init: NodeInit<Factories>,
): Promise<Node<Factories>> {
  const context: NodeContext = {
    logger: init.logger ?? silentLogger,
    clock: init.clock ?? systemClock,
    random: init.random ?? systemRandom,
  }
  const factories = Object.entries(init.services) as [string, ServiceFactory<unknown, Service>][]
  const started = new Map<string, Service>()
  const needs = servicesSoFar(started, new Set(factories.map(([name]) => name)))

  let closing: Promise<void> | undefined
  const close = () => (closing ??= closeAll(started, context.logger))

  try {
    for (const [name, factory] of factories) started.set(name, await factory(needs, context))
  } catch (error) {
    await close()
    throw error
  }
  return {
    services: Object.fromEntries(started) as Provided<Factories>,
    running: () => [...started.keys()],
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** The services started so far, by name; one that is listed but not yet started is an error, not `undefined`. */
function servicesSoFar(started: ReadonlyMap<string, Service>, listed: ReadonlySet<string>): object {
  return new Proxy(
    {},
    {
      get(_, name) {
        if (typeof name !== 'string') return undefined
        if (listed.has(name) && !started.has(name)) {
          throw new NodeError(
            'NODE_SERVICE_ORDER',
            `The service '${name}' is needed before it is started: list it earlier.`,
            {
              details: { service: name },
            },
          )
        }
        return started.get(name)
      },
    },
  )
}

async function closeAll(started: Map<string, Service>, logger: Logger): Promise<void> {
  for (const [name, service] of [...started].reverse()) {
    try {
      await service?.close?.()
    } catch (error) {
      logger.warn({ service: name, error }, 'a service did not close cleanly')
    }
    started.delete(name)
  }
}
