/** A bell: whoever waits goes on when it rings next. */
export class Bell {
  #ring: () => void = () => {}
  #rung: Promise<void> = Promise.resolve()

  constructor() {
    this.#renew()
  }

  /** Settles when the bell rings next. */
  next(): Promise<void> {
    return this.#rung
  }

  readonly ring = (): void => {
    const ring = this.#ring
    this.#renew()
    ring()
  }

  #renew(): void {
    this.#rung = new Promise(resolve => {
      this.#ring = resolve
    })
  }
}

/** Lets so many through at once; the rest wait in front. */
export class Turnstile {
  #free: number
  #closed = false
  readonly #waiting: (() => void)[] = []

  constructor(places: number) {
    this.#free = places
  }

  enter(): Promise<void> {
    if (this.#free > 0 || this.#closed) {
      this.#free--
      return Promise.resolve()
    }
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  leave(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free++
    else next()
  }

  /** Lets everyone through. */
  close(): void {
    this.#closed = true
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
