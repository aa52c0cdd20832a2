import type { Clock } from '@neurovoyance/protocol'

/** Lets so much through in a second, and a second's worth at once. */
export class Pace {
  readonly #clock: Clock
  readonly #perSecond: number
  #left: number
  #at: number

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock
    this.#perSecond = perSecond
    this.#left = perSecond
    this.#at = clock.monotonicMs()
  }

  /** Takes what was used; how long to wait until there is something left, in milliseconds. */
  use(amount: number): number {
    const now = this.#clock.monotonicMs()
    this.#left = Math.min(this.#perSecond, this.#left + ((now - this.#at) * this.#perSecond) / 1000) - amount
    this.#at = now
    return this.#left >= 0 ? 0 : (-this.#left * 1000) / this.#perSecond
  }
}
