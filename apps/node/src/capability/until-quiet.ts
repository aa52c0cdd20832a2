import { cpus } from 'node:os'
import type { Clock, Random } from '@neurovoyance/protocol'

/** How long the machine is looked at, at random: nodes that start together do not measure together. */
const LOOK_MS = { least: 2_000, most: 8_000 }
/** Processors idle for this part of the time are at leisure. */
const IDLE_SHARE = 0.5
/** A machine that is busy for so long always is. */
const LOOKS = 12

/** What a wait for a quiet machine is made from. */
export interface UntilQuietInit {
  clock: Clock
  random: Random
  signal: AbortSignal
  /** Time that the machine's processors have been idle, and altogether; `os.cpus` when left out. */
  processorTime?: () => { idle: number; total: number }
}

/** Waits until the machine has little else to do: `true` then, `false` where it has for a minute or so, or the signal aborts. */
export async function untilQuiet(init: UntilQuietInit): Promise<boolean> {
  const { clock, random, signal, processorTime = readProcessorTime } = init
  for (let look = 0; look < LOOKS && !signal.aborted; look++) {
    const before = processorTime()
    await pause(clock, LOOK_MS.least + random.float() * (LOOK_MS.most - LOOK_MS.least), signal)
    const after = processorTime()
    if (after.idle - before.idle >= IDLE_SHARE * (after.total - before.total)) return !signal.aborted
  }
  return false
}

function readProcessorTime(): { idle: number; total: number } {
  let [idle, total] = [0, 0]
  for (const { times } of cpus()) {
    idle += times.idle
    total += times.user + times.nice + times.sys + times.irq + times.idle
  }
  return { idle, total }
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const end = (): void => {
      cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const cancel = clock.after(ms, end)
    signal.addEventListener('abort', end)
  })
}
