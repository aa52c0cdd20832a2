/**
 * Ports that pure code is given instead of reaching for the machine: time, randomness and logs.
 */

/** Time. `now` may jump with the machine's clock; `monotonicMs` never goes back. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Milliseconds since an arbitrary start, monotonic. */
  monotonicMs(): number
  /** Runs `callback` once, when `monotonicMs` is `delayMs` further and not before; returns what cancels it. */
  after(delayMs: number, callback: () => void): () => void
}

/** Randomness. */
export interface Random {
  /** `length` random bytes. */
  bytes(length: number): Uint8Array
  /** A number in [0, 1). */
  float(): number
}

/** A log of named events with fields; pino's loggers fit. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** What a timer can wait: its milliseconds have 31 bits. */
const MOST_TIMER_MS = 2 ** 31 - 1

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, callback) {
    const due = performance.now() + delayMs
    // timers count in whole milliseconds, and fire up to one too early; one of 25 days or more fires at once
    const look = (): void => {
      const left = due - performance.now()
      if (left > 0) timer = setTimeout(look, Math.min(left, MOST_TIMER_MS))
      else callback()
    }
    let timer = setTimeout(look, Math.min(delayMs, MOST_TIMER_MS))
    return () => clearTimeout(timer)
  },
}

/** The platform's cryptographic randomness. */
export const systemRandom: Random = {
  bytes: length => crypto.getRandomValues(new Uint8Array(length)),
  float: () => crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32,
}

/** A logger that drops everything. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
}
