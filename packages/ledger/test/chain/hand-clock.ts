/** A clock that goes when it is told to. */
export class HandClock {
  time = 0
  readonly #due: { at: number; run: () => void }[] = []
  now = (): number => this.time
  monotonicMs = (): number => this.time
  after = (delayMs: number, run: () => void): (() => void) => {
    const entry = { at: this.time + delayMs, run }
    this.#due.push(entry)
    return () => void this.#due.splice(this.#due.indexOf(entry) >>> 0, 1)
  }
  advance(ms: number): void {
    this.time += ms
    for (const entry of this.#due.filter(({ at }) => at <= this.time)) {
      this.#due.splice(this.#due.indexOf(entry), 1)
      entry.run()
    }
  }
}
