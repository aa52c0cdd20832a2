import { describe, expect, it } from 'vitest'
import { openedChannel, type PaidChannel, reconcile, release, reserve } from '../../src/pay/core/purse.js'

const RULES = { leastStep: 1_000n, step: 20_000n }
const DEPOSIT = 10_000_000n

/** Pays a node that answers, and says of itself what `says` makes of the truth; the most that was at stake. */
function payOften(
  price: bigint,
  requests: number,
  says: (channel: PaidChannel) => { spent: bigint; accepted: bigint },
) {
  let channel = openedChannel('11'.repeat(32), '22'.repeat(32), DEPOSIT)
  let answered = 0n
  let mostAtStake = 0n
  for (let request = 0; request < requests; request++) {
    const taken = reserve(channel, price, RULES)
    if (taken.type !== 'reserved') return { answered, mostAtStake, end: taken.type, channel }
    mostAtStake = max(mostAtStake, taken.channel.signed - answered)
    answered += price
    channel = reconcile(
      release(taken.channel, price, { type: 'answered', charged: price }),
      says(taken.channel),
    )
  }
  return { answered, mostAtStake, end: 'paid' as const, channel }
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)

describe('what a purse has at stake', () => {
  it('stays within a step at a node that says the truth, and the vouchers become rarer', () => {
    const { end, mostAtStake, answered, channel } = payOften(500n, 10_000, ({ signed, used }) => ({
      spent: used + 500n,
      accepted: signed,
    }))
    expect(end).toBe('paid')
    expect(answered).toBe(5_000_000n)
    expect(mostAtStake).toBeLessThanOrEqual(RULES.step)
    expect(channel.vouchers).toBeLessThan(1_000)
  })

  it.each([1n, 500n, 1_000n])(
    'grows by no more than two least steps where a node says that it lacks %s of each voucher',
    lacks => {
      const { end, mostAtStake } = payOften(10n, 10_000, ({ signed, used }) => ({
        spent: used + 10n,
        accepted: max(used + 10n, signed - lacks),
      }))
      expect(end).toBe('paid')
      expect(mostAtStake).toBeLessThanOrEqual(RULES.step + 2n * RULES.leastStep)
    },
  )

  it('stays within a step at one that says that it charged less than it did', () => {
    const { mostAtStake } = payOften(500n, 10_000, ({ signed }) => ({ spent: 0n, accepted: signed }))
    expect(mostAtStake).toBeLessThanOrEqual(RULES.step)
  })
})
