import type { Bond, Liability, Purse, StakerRecord } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { least } from '../../amount.js'
import type { Id } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { earnedOf, joined, takeFrom, totalOf } from '../accounts/purse.js'
import { epochOf } from '../time/time.js'
import type { Coins } from './join.js'
import { unbondedAt } from './parameters.js'
import { settleBonds, validatorIn } from './settle.js'
import { keepValidator, validatorOf, withoutJoined } from './validator.js'

/** Coins that leave a validator, of one bond. */
export interface Leaving {
  readonly purse: Purse
  /** Validators that they answer for until no evidence can concern them any more. */
  readonly liabilities: readonly Liability[]
}

/**
 * Takes coins of an account out of its bonds to a validator, the oldest bonds first.
 *
 * @returns what leaves, and what the account has bonded then; the caller keeps both
 * @throws LedgerError `LEDGER_INSUFFICIENT_FUNDS`, `LEDGER_TOO_SMALL`
 */
export function leaveValidator(
  context: BlockContext,
  account: Id,
  key: Id,
  coins: Coins,
): { leaving: readonly Leaving[]; staker: StakerRecord } {
  const { draft, parameters } = context
  if (coins.liquid + coins.earned === 0n) throw ledgerError('LEDGER_BAD_ACTION', 'nothing to take back')
  const staker = settleBonds(context, account, key)
  let validator = validatorOf(draft, key)
  let { liquid, earned } = coins
  let rest = 0n
  const leaving: Leaving[] = []
  const bonds: Bond[] = []
  for (const bond of staker.bonds) {
    if (validatorIn(bond) !== key) {
      bonds.push(bond)
      continue
    }
    const { taken, left } = takeKinds(bond.purse!, { liquid, earned })
    const amount = totalOf(taken)
    liquid -= taken.liquid
    earned -= earnedOf(taken)
    rest += totalOf(left)
    if (totalOf(left) > 0n) bonds.push({ ...bond, purse: left })
    else validator = { ...validator, bonds: validator.bonds - 1 }
    if (amount === 0n) continue
    validator = withoutJoined(validator, bond.liability!.since, amount)
    const last = { ...bond.liability!, until: epochOf(context), endsMs: unbondedAt(context) }
    leaving.push({ purse: taken, liabilities: [...bond.past, last] })
  }
  if (liquid + earned > 0n) {
    throw ledgerError(
      'LEDGER_INSUFFICIENT_FUNDS',
      `${liquid} liquid and ${earned} earned too few are bonded`,
      {
        liquid: String(liquid),
        earned: String(earned),
      },
    )
  }
  const smallest = parameters.of('staking/leastBond')
  if (rest > 0n && rest < smallest) {
    throw ledgerError('LEDGER_TOO_SMALL', `${rest} would stay: all, or ${smallest} at least`)
  }
  keepValidator(draft, key, validator)
  return { leaving, staker: { ...staker, bonds } }
}

/** As much of each kind as there is. */
function takeKinds(purse: Purse, { liquid, earned }: Coins): { taken: Purse; left: Purse } {
  const first = takeFrom(purse, least(liquid, purse.liquid), ['liquid'])
  const second = takeFrom(first.left, least(earned, earnedOf(purse)), ['earned'], 'oldest')
  return { taken: joined(first.taken, second.taken), left: second.left }
}
