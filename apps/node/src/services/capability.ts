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

/** A node joins first and measures then; nodes that start together on one machine do not measure together. */
const MEASURE_AFTER_MS = { least: 2_000, most: 8_000 }

/** Measures this machine by small graphs on the executor, soon after the start. */
export function capability(): ServiceFactory<{ executor: Executor }, CapabilityService> {
  return ({ executor }, { logger, clock, random }) => {
    const { least, most } = MEASURE_AFTER_MS
    let measured: Capability | undefined
    let stopWaiting = () => {}
    const done = new Promise<void>(resolve => {
      const cancel = clock.after(least + random.float() * (most - least), resolve)
      stopWaiting = () => {
        cancel()
        resolve()
      }
    })
      .then(() => executor.capability())
      .then(
        found => {
          measured = found
        },
        (error: unknown) => logger.debug({ error }, 'this machine’s speed could not be measured'),
      )
    return { measured: () => measured, done, close: stopWaiting }
  }
}
