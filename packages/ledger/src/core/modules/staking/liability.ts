import type { Liability, Purse, SlashEntry, ValidatorRecord } from '@neurovoyance/protocol'
import { shareOf, WHOLE } from '../../amount.js'
import { idOf } from '../../hex.js'
import type { Draft } from '../../state/draft.js'
import { validatorOf } from './validator.js'

/** That coins which are bonded now answer for a validator. */
export const liabilityFor = (
  { slashes }: ValidatorRecord,
  validator: Uint8Array,
  since: number,
): Liability => ({ validator, since, slashes: slashes.length })

/** Slashes of a validator that coins have yet to pay for: of faults under the elections for which they answer. */
export function dueSlashes(validator: ValidatorRecord, liability: Liability): readonly SlashEntry[] {
  const { slashes, since, until = Number.POSITIVE_INFINITY } = liability
  return validator.slashes.slice(slashes).filter(({ epoch }) => epoch >= since && epoch <= until)
}

/** What a slash leaves of coins: of each kind and age its part, rounded down. */
export function slashed({ liquid, granted, earned }: Purse, share: number): Purse {
  const keep = WHOLE - BigInt(share)
  return {
    liquid: shareOf(liquid, keep),
    granted: shareOf(granted, keep),
    earned: earned
      .map(({ month, amount }) => ({ month, amount: shareOf(amount, keep) }))
      .filter(({ amount }) => amount > 0n),
  }
}

/** Coins after everything that they answer for. */
export function afterLiabilities(draft: Draft, coins: Purse, liabilities: readonly Liability[]): Purse {
  let left = coins
  for (const liability of liabilities) {
    const validator = validatorOf(draft, idOf(liability.validator))
    for (const { share } of dueSlashes(validator, liability)) left = slashed(left, share)
  }
  return left
}
