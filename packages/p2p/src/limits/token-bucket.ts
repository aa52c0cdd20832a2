/** How much may pass. */
export interface TokenBucketInit {
  /** Tokens that come back in a second. */
  perSecond: number
  /** Most tokens saved up. */
  burst: number
}

/** A rate limit with a burst. */
export interface TokenBucket {
  /** Takes `count` tokens and says whether there were as many. */
  take(count: number, nowMs: number): boolean
  /** Whether nothing was taken lately, so that a new bucket would be the same. */
  full(nowMs: number): boolean
}

/** A full bucket at `nowMs`; time must not go back between calls. */
export function createTokenBucket({ perSecond, burst }: TokenBucketInit, nowMs: number): TokenBucket {
  let tokens = burst
  let filledMs = nowMs

  const fill = (now: number): void => {
    tokens = Math.min(burst, tokens + ((now - filledMs) * perSecond) / 1_000)
    filledMs = now
  }

  return {
    take(count, now) {
      fill(now)
      if (count > tokens) return false
      tokens -= count
      return true
    },
    full(now) {
      fill(now)
      return tokens >= burst
    },
  }
}
