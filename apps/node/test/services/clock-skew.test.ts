import { describe, expect, it } from 'vitest'
import { clockAheadMs } from '../../src/services/clock-skew.js'

const DAY_MS = 86_400_000
const clock = { now: () => 1_000_000, monotonicMs: () => 5_000 }

/** An offer that was made at `issuedAtMs` by its maker's clock and came 2 s ago, at 998,000 by ours. */
const entry = (peerId: string, issuedAtMs: number) => ({
  peerId,
  offer: { issuedAtMs } as never,
  receivedAtMs: 3_000,
})

describe('clockAheadMs', () => {
  it('is unknown without peers: our own offer is no witness', () => {
    expect(clockAheadMs([entry('self', 0)], 'self', clock)).toBeNull()
  })

  it('compares an offer with the time at which it came, not with now', () => {
    expect(clockAheadMs([entry('a', 998_000)], 'self', clock)).toBe(0)
  })

  it('is behind where negative, and believes most peers rather than one', () => {
    const offers = [entry('a', 998_000 + DAY_MS), entry('b', 998_000 + DAY_MS), entry('liar', 0)]
    expect(clockAheadMs(offers, 'self', clock)).toBe(-DAY_MS)
  })
})
