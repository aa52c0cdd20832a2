import type { Capability } from '@neurovoyance/protocol'
import type { Executor } from '@neurovoyance/runtime/node'
import { readMeasurement, writeMeasurement } from '../capability/measurement.js'
import { untilQuiet } from '../capability/until-quiet.js'
import type { Service, ServiceFactory } from '../service.js'

/** What this machine can do, measured in the background after the start. */
export interface CapabilityService extends Service {
  /** The figures; `undefined` until they are measured. */
  measured(): Capability | undefined
  /** Resolves when they are, or have failed to be. */
  readonly done: Promise<void>
}

/** What the capability service is made from. */
export interface CapabilityInit {
  /** Where a measurement is kept from one start to the next; left out, each start measures. */
  file?: string
  /** What it is a measurement of: one of another thing is not believed. */
  of?: string
}

/**
 * Measures this machine by small graphs on the executor. A node joins first: it measures when the machine is quiet,
 * or has not been for a minute or so, and not at all where it has done so in the last week.
 */
export function capability({
  file,
  of = '',
}: CapabilityInit = {}): ServiceFactory<{ executor: Pick<Executor, 'capability'> }, CapabilityService> {
  return ({ executor }, { logger, clock, random }) => {
    const closing = new AbortController()
    let measured: Capability | undefined

    async function find(): Promise<void> {
      measured = file === undefined ? undefined : await readMeasurement(file, of, clock.now())
      if (measured !== undefined) return
      const isQuiet = await untilQuiet({ clock, random, signal: closing.signal })
      if (closing.signal.aborted) return
      measured = await executor.capability()
      if (isQuiet && file !== undefined) await writeMeasurement(file, of, clock.now(), measured)
    }

    const done = find().catch((error: unknown) => {
      if (!closing.signal.aborted) logger.debug({ error }, 'this machine’s speed could not be measured')
    })
    return { measured: () => measured, done, close: () => closing.abort() }
  }
}
