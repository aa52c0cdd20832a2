import type { Clock } from '@neurovoyance/protocol'
import { createEventQueue } from './event-queue.js'

/** A clock that stands still until it is told to go on. Nothing in it touches real time. */
export interface VirtualClock extends Clock {
  /** Timers that are set. */
  readonly pending: number
  /** Fires the next timer; false where none is set. */
  step(): boolean
  /** Fires every timer of the next `ms` in order and ends exactly there. For code without promises. */
  advance(ms: number): void
  /**
   * Like `advance`, but lets promises settle after every timer, so that asynchronous code sees each moment
   * before the next begins.
   */
  run(ms: number): Promise<void>
  /** Runs until `done` is true, at most `limitMs`; returns whether it became true. */
  runUntil(done: () => boolean, limitMs: number): Promise<boolean>
  /** The same time for a machine whose wall clock is wrong by `offsetMs`; its timers are this clock's. */
  skewed(offsetMs: number): Clock
}

/** Where a virtual clock starts. */
export interface VirtualClockInit {
  /** Wall-clock time at the start, in ms since the Unix epoch; 2026-01-01 when left out. */
  startMs?: number
}

/** A clock at its start. Timers of the same moment fire in the order in which they were set. */
export function createVirtualClock({ startMs = 1_767_225_600_000 }: VirtualClockInit = {}): VirtualClock {
  const queue = createEventQueue<{ callback: (() => void) | undefined }>()
  let elapsedMs = 0
  let pending = 0

  function after(delayMs: number, callback: () => void): () => void {
    const timer: { callback: (() => void) | undefined } = { callback }
    queue.push(elapsedMs + Math.max(0, delayMs), timer)
    pending++
    return () => {
      if (timer.callback === undefined) return
      timer.callback = undefined
      pending--
    }
  }

  /** Fires the next timer that is set and due by `untilMs`. */
  function fire(untilMs: number): boolean {
    for (;;) {
      const atMs = queue.peekMs()
      if (atMs === undefined || atMs > untilMs) return false
      const timer = queue.pop()!.value
      const { callback } = timer
      if (callback === undefined) continue
      timer.callback = undefined
      elapsedMs = atMs
      pending--
      callback()
      return true
    }
  }

  return {
    now: () => startMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    after,
    get pending() {
      return pending
    },
    step: () => fire(Number.POSITIVE_INFINITY),
    advance(ms) {
      const untilMs = elapsedMs + ms
      while (fire(untilMs));
      elapsedMs = untilMs
    },
    async run(ms) {
      const untilMs = elapsedMs + ms
      await promisesSettled()
      while (fire(untilMs)) await promisesSettled()
      elapsedMs = untilMs
    },
    async runUntil(done, limitMs) {
      const untilMs = elapsedMs + limitMs
      await promisesSettled()
      while (!done()) {
        if (!fire(untilMs)) {
          elapsedMs = untilMs
          return done()
        }
        await promisesSettled()
      }
      return true
    },
    skewed: offsetMs => ({ now: () => startMs + elapsedMs + offsetMs, monotonicMs: () => elapsedMs, after }),
  }
}

/** Resolves after every promise job that is queued now, and those that they queue. */
function promisesSettled(): Promise<void> {
  return new Promise(resolve => {
    if (typeof setImmediate === 'function') setImmediate(resolve)
    else setTimeout(resolve, 0)
  })
}
