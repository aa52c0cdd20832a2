import type { Clock } from '@neurovoyance/protocol'

/** A moment at which something happens unless it is cancelled first. */
export interface Deadline {
  readonly atMs: number
  cancel(): void
}

/** Many deadlines on one timer: adding and cancelling one costs a set operation, not a timer. */
export interface Deadlines {
  /** Milliseconds on the clock that deadlines are measured by. */
  nowMs(): number
  add(delayMs: number, onExpire: () => void): Deadline
  close(): void
}

/**
 * Deadlines of calls: thousands begin and end before the first one passes, so the timer is armed for
 * the earliest only, and looks for the next when it fires.
 */
export function createDeadlines(clock: Clock): Deadlines {
  const pending = new Set<Entry>()
  let armedForMs = Number.POSITIVE_INFINITY
  let disarm = () => {}

  class Entry implements Deadline {
    readonly atMs: number
    readonly onExpire: () => void
    constructor(atMs: number, onExpire: () => void) {
      this.atMs = atMs
      this.onExpire = onExpire
    }
    cancel(): void {
      pending.delete(this)
    }
  }

  function arm(atMs: number): void {
    disarm()
    armedForMs = atMs
    disarm = clock.after(Math.max(0, Math.ceil(atMs - clock.monotonicMs())), fire)
  }

  function fire(): void {
    armedForMs = Number.POSITIVE_INFINITY
    const nowMs = clock.monotonicMs()
    let nextMs = Number.POSITIVE_INFINITY
    const expired: Entry[] = []
    for (const entry of pending) {
      if (entry.atMs <= nowMs) expired.push(entry)
      else if (entry.atMs < nextMs) nextMs = entry.atMs
    }
    if (nextMs < Number.POSITIVE_INFINITY) arm(nextMs)
    for (const entry of expired) if (pending.delete(entry)) entry.onExpire()
  }

  return {
    nowMs: () => clock.monotonicMs(),
    add(delayMs, onExpire) {
      const entry = new Entry(clock.monotonicMs() + delayMs, onExpire)
      pending.add(entry)
      if (entry.atMs < armedForMs) arm(entry.atMs)
      return entry
    },
    close() {
      disarm()
      pending.clear()
    },
  }
}
