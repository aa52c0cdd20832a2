import type { Purse } from '@neurovoyance/protocol'
import type { Id } from '../../hex.js'
import type { Draft } from '../../state/draft.js'
import { afterLiabilities } from './liability.js'
import { countedBond, validatorIn } from './settle.js'
import { stakerOf } from './staker.js'
import { validatorOf } from './validator.js'

/** What an account has bonded to a validator, in one bond. */
export interface BondView {
  /** The validator's key. */
  readonly validator: Id
  /** The coins, after all slashes, as what they came in. */
  readonly purse: Purse
  /** Rewards that it gets when the bond is touched next. */
  readonly reward: bigint
}

/** Coins on their way back. */
export interface UnbondingView {
  /** The coins, after all slashes so far. */
  readonly purse: Purse
  /** Ledger time at which they are there. */
  readonly endsMs: number
  /** Whether the earned ones go on into the exit queue. */
  readonly exit: boolean
}

/** What an account has at stake. */
export interface StakeView {
  readonly bonds: readonly BondView[]
  readonly unbonding: readonly UnbondingView[]
}

/** What an account has at stake, with everything counted that its record has yet to catch up with. */
export function stakeView(draft: Draft, account: Id): StakeView {
  const { bonds, unbonding } = stakerOf(draft, account)
  return {
    bonds: bonds.map(before => {
      const validator = validatorIn(before)
      const { bond, reward } = countedBond(before, validatorOf(draft, validator))
      return { validator, purse: afterLiabilities(draft, bond.purse!, bond.past), reward }
    }),
    unbonding: unbonding.map(({ purse, liabilities, endsMs, exit }) => ({
      purse: afterLiabilities(draft, purse!, liabilities),
      endsMs,
      exit,
    })),
  }
}
