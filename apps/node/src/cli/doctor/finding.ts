/** What one check found. */
export interface Finding {
  readonly check: string
  /** `warn`: it works, but not as well as it could. */
  readonly verdict: 'ok' | 'warn' | 'fail'
  readonly found: string
  /** What to do, where something is to be done. */
  readonly advice?: string
}

/** A finding of something that is as it should be. */
export function fine(check: string, found: string): Finding {
  return { check, verdict: 'ok', found }
}
