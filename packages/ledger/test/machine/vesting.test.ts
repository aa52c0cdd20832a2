import { LIMITS, type Vesting } from '@neurovoyance/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addVesting, releaseVested, vestingTotal } from '../../src/core/modules/accounts/vesting.js'

const DAY_MS = 24 * 3_600_000

describe('vesting', () => {
  it('fits an account, adds up and never ends too soon, however often its time is changed', () => {
    const pays = fc.record({
      days: fc.integer({ min: 0, max: 20 }),
      amount: fc.bigInt(1n, 1_000_000n),
      vestingDays: fc.integer({ min: 1, max: 730 }),
    })
    fc.assert(
      fc.property(fc.array(pays, { minLength: 1, maxLength: 120, size: 'max' }), list => {
        let lots: readonly Vesting[] = []
        let timeMs = 0
        let paid = 0n
        let released = 0n
        for (const { days, amount, vestingDays } of list) {
          timeMs += days * DAY_MS
          const now = releaseVested(lots, timeMs)
          const before = vestingTotal(now.vesting)
          lots = addVesting(now.vesting, amount, timeMs, vestingDays * DAY_MS)
          released += now.released
          paid += amount
          expect(lots.length).toBeLessThanOrEqual(LIMITS.vestings)
          expect(vestingTotal(lots)).toBe(before + amount)
          expect(released + vestingTotal(lots)).toBe(paid)
          expect(lots.at(-1)!.endsMs).toBeGreaterThanOrEqual(timeMs + vestingDays * DAY_MS)
        }
        expect(releaseVested(lots, timeMs + 2_000 * DAY_MS)).toEqual({
          released: paid - released,
          vesting: [],
        })
      }),
    )
  })
})
