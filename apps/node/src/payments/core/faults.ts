/** What a peer sent that did not hold, one after the other. */
export interface Faults {
  readonly count: number
  /** When it may try again. */
  readonly pausedUntilMs: number
}

/** Vouchers that may fail before each one more makes their sender wait. */
const FREE_FAULTS = 3
const PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000

/** After one more. A fault is its sender's: what anybody can send must not stop who pays. */
export function oneMore(before: Faults | undefined, nowMs: number): Faults {
  const count = (before?.count ?? 0) + 1
  const pauseMs = count <= FREE_FAULTS ? 0 : Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** (count - FREE_FAULTS))
  return { count, pausedUntilMs: nowMs + pauseMs }
}
