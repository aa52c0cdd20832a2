import { type Clock, NeurovoyanceError } from '@neurovoyance/protocol'
import type { SeededRandom } from '@neurovoyance/testing/network'

/** How a machine behaves. */
export interface MachineInit {
  clock: Clock
  random: SeededRandom
  slots: number
  /** How many times slower than the reference it runs. */
  slowness: number
  /** What it multiplies its measured median by when it tells others: below 1 it lies. */
  honesty: number
  /** Whether it takes requests and never answers. */
  mute: boolean
}

/** A node's run-time, simulated: slots, a bounded queue, stragglers, sessions to load. */
export interface Machine {
  readonly slots: number
  /** Run time of a model of this cost, without bad luck. */
  serviceMs(costMs: number): number
  run(model: string, costMs: number, signal: AbortSignal): Promise<void>
  pending(model?: string): number
  declaredUs(model: string): number | undefined
  isLoaded(model: string): boolean
  forget(model: string): void
  /** Everything in memory is gone. */
  reset(): void
  /** Runs finished, and the time they took. */
  readonly done: { runs: number; busyMs: number }
}

interface Run {
  model: string
  costMs: number
  start(): void
  cancelled: boolean
}

const MAX_QUEUE = 64
const LOAD_MS = 150

/** One in fifty runs takes six times as long: a page fault, a neighbour, a hot machine. */
const STRAGGLERS = 0.02
const STRAGGLE_FACTOR = 6

/** An idle machine. */
export function createMachine(init: MachineInit): Machine {
  const { clock, random, slots, slowness } = init
  const done = { runs: 0, busyMs: 0 }
  const medians = new Map<string, number>()
  let loaded = new Set<string>()
  let queue: Run[] = []
  let running: Run[] = []

  const serviceMs = (costMs: number): number => costMs * slowness

  function durationMs(run: Run): number {
    const coldMs = loaded.has(run.model) ? 0 : LOAD_MS
    loaded.add(run.model)
    const luck = random.chance(STRAGGLERS) ? STRAGGLE_FACTOR : 0.9 + 0.2 * random.float()
    const runMs = serviceMs(run.costMs) * luck
    const median = medians.get(run.model)
    medians.set(run.model, median === undefined ? runMs : median + Math.sign(runMs - median) * median * 0.05)
    return coldMs + runMs
  }

  function next(): void {
    while (running.length < slots && queue.length > 0) {
      const run = queue.shift()!
      running.push(run)
      run.start()
    }
  }

  return {
    slots,
    done,
    serviceMs,
    run(model, costMs, signal) {
      if (init.mute) return new Promise(() => {})
      if (queue.length >= MAX_QUEUE) throw new NeurovoyanceError('RUNTIME_QUEUE_FULL', 'the queue is full')
      return new Promise(resolve => {
        let stop: (() => void) | undefined
        const finish = (): void => {
          running = running.filter(other => other !== run)
          next()
        }
        const run: Run = {
          model,
          costMs,
          cancelled: false,
          start() {
            const ms = durationMs(run)
            stop = clock.after(ms, () => {
              done.runs++
              done.busyMs += ms
              finish()
              resolve()
            })
          },
        }
        signal.addEventListener('abort', () => {
          queue = queue.filter(other => other !== run)
          stop?.()
          if (running.includes(run)) finish()
        })
        queue.push(run)
        next()
      })
    },
    pending(model) {
      if (model === undefined) return queue.length + running.length
      return [...queue, ...running].filter(run => run.model === model).length
    },
    declaredUs(model) {
      const median = medians.get(model)
      return median === undefined ? undefined : Math.round(median * init.honesty * 1000)
    },
    isLoaded: model => loaded.has(model),
    forget(model) {
      loaded.delete(model)
      medians.delete(model)
    },
    reset() {
      loaded = new Set()
      queue = []
      running = []
    },
  }
}
