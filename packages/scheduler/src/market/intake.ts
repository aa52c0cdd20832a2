/** Keeps one neighbour from taking all our time with signatures to verify: so many a second, each. */
export interface Intake {
  /** Whether one more message of this neighbour may be looked at. */
  admit(from: string, nowMs: number): boolean
}

/** Rates of the intake. */
export interface IntakeLimits {
  perSecond: number
  burst: number
  maxNeighbours: number
}

export const DEFAULT_INTAKE_LIMITS: IntakeLimits = Object.freeze({
  perSecond: 500,
  burst: 5_000,
  maxNeighbours: 1_024,
})

/** A token bucket for each neighbour; the one that has been silent longest is forgotten first. */
export function createIntake(limits: IntakeLimits = DEFAULT_INTAKE_LIMITS): Intake {
  const buckets = new Map<string, { tokens: number; atMs: number }>()
  return {
    admit(from, nowMs) {
      const bucket = buckets.get(from) ?? { tokens: limits.burst, atMs: nowMs }
      buckets.delete(from)
      if (buckets.size >= limits.maxNeighbours) buckets.delete(buckets.keys().next().value!)
      buckets.set(from, bucket)
      const refilled = bucket.tokens + ((nowMs - bucket.atMs) * limits.perSecond) / 1000
      bucket.tokens = Math.min(limits.burst, refilled)
      bucket.atMs = nowMs
      if (bucket.tokens < 1) return false
      bucket.tokens -= 1
      return true
    },
  }
}
