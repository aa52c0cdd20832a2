/** A number that halves every `halfLifeMs`. */
export interface Decaying {
  value: number
  atMs: number
}

/** A decaying number at zero. */
export const createDecaying = (): Decaying => ({ value: 0, atMs: 0 })

/** What is left of the number at `nowMs`. */
export function decayedValue(decaying: Decaying, nowMs: number, halfLifeMs: number): number {
  if (decaying.value === 0) return 0
  const elapsedMs = nowMs - decaying.atMs
  return elapsedMs <= 0 ? decaying.value : decaying.value * 2 ** (-elapsedMs / halfLifeMs)
}

/** Adds to what is left, up to `max`. */
export function addDecaying(
  decaying: Decaying,
  amount: number,
  nowMs: number,
  halfLifeMs: number,
  max: number,
): void {
  const left = decayedValue(decaying, nowMs, halfLifeMs)
  decaying.value = Math.min(max, left + amount)
  decaying.atMs = nowMs
}
