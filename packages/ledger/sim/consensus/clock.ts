import { createEventQueue } from '@neurovoyance/testing/network'

/** Virtual time: runs what is due, in order. */
export interface SimClock {
  nowMs(): number
  after(delayMs: number, what: () => void): void
  /** Runs until `done`, at most to `limitMs`; says whether it was done. */
  runUntil(done: () => boolean, limitMs: number): boolean
}

/** A clock at zero. Timers cannot be cancelled: whoever sets one looks whether it still matters. */
export function createSimClock(): SimClock {
  const queue = createEventQueue<() => void>()
  let nowMs = 0
  return {
    nowMs: () => nowMs,
    after: (delayMs, what) => queue.push(nowMs + delayMs, what),
    runUntil(done, limitMs) {
      while (!done()) {
        if ((queue.peekMs() ?? Number.POSITIVE_INFINITY) > limitMs) {
          nowMs = limitMs
          return false
        }
        const next = queue.pop()!
        nowMs = next.atMs
        next.value()
      }
      return true
    },
  }
}
