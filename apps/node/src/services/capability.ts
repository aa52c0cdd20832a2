import type { Capability } from '@neurovoyance/protocol'
import type { Executor } from '@neurovoyance/runtime/node'
import type { Service, ServiceFactory } from '../service.js'

/** What this machine can do, measured once in the background after the start. */
export interface CapabilityService extends Service {
  /** The figures; `undefined` until they are measured. */
  measured(): Capability | undefined
  /** Resolves when they are, or have failed to be. */
  readonly done: Promise<void>
}

/** Measures this machine by small graphs on the executor. */
export function capability(): ServiceFactory<{ executor: Executor }, CapabilityService> {
  return ({ executor }, { logger }) => {
    let measured: Capability | undefined
    const done = executor.capability().then(
      found => {
        measured = found
      },
      (error: unknown) => logger.warn({ error }, 'this machine’s speed could not be measured'),
    )
    return { measured: () => measured, done }
  }
}
