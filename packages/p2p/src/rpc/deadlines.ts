import type { Clock } from '@neurovoyance/protocol'

/** A moment at which something happens unless it is cancelled first. */
export interface Deadline {
  readonly atMs: number
  /** Whether it was still to come. */
  cancel(): boolean
}

/** Many deadlines on one timer: adding and cancelling one costs a link in a list, not a timer. */
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
  const pending = new Entry(0, () => {})
  let armedForMs = Number.POSITIVE_INFINITY
  let disarm = () => {}

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
    for (let entry = pending.next; entry !== pending; entry = entry.next) {
      if (entry.atMs <= nowMs) expired.push(entry)
      else if (entry.atMs < nextMs) nextMs = entry.atMs
    }
    if (nextMs < Number.POSITIVE_INFINITY) arm(nextMs)
    for (const entry of expired) if (entry.cancel()) entry.onExpire()
  }

  return {
    nowMs: () => clock.monotonicMs(),
    add(delayMs, onExpire) {
      const entry = new Entry(clock.monotonicMs() + delayMs, onExpire)
      entry.linkBefore(pending)
      if (entry.atMs < armedForMs) arm(entry.atMs)
      return entry
    },
    close() {
      disarm()
      while (pending.next !== pending) pending.next.cancel()
    },
  }
}

/** A deadline in a ring of those that are pending: a set would make its table anew for every few that come and go. */
class Entry implements Deadline {
  readonly atMs: number
  readonly onExpire: () => void
  next: Entry = this
  #last: Entry = this

  constructor(atMs: number, onExpire: () => void) {
    this.atMs = atMs
    this.onExpire = onExpire
  }

  linkBefore(next: Entry): void {
    this.next = next
    this.#last = next.#last
    next.#last.next = this
    next.#last = this
  }

  /** Takes it off the ring; false where it was not on it. */
  cancel(): boolean {
    if (this.next === this) return false
    this.next.#last = this.#last
    this.#last.next = this.next
    this.next = this
    this.#last = this
    return true
  }
}
