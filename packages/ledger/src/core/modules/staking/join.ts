import {
  type Bond,
  formatAmount,
  LIMITS,
  type Liability,
  type Purse,
  type ValidatorRecord,
} from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { bytesOf, type Id } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { debit } from '../accounts/account.js'
import { joined, totalOf } from '../accounts/purse.js'
import { liabilityFor } from './liability.js'
import { answersFrom, horizonOf } from './parameters.js'
import { settleBonds, validatorIn } from './settle.js'
import { keepStaker } from './staker.js'
import { keepValidator, seasoned, validatorOf, withJoined } from './validator.js'

/** Liquid and earned coins, as actions name them. Granted ones are spent and nothing else. */
export interface Coins {
  readonly liquid: bigint
  readonly earned: bigint
}

/**
 * Takes coins to be bonded out of an account.
 *
 * @throws LedgerError `LEDGER_BAD_ACTION`, `LEDGER_INSUFFICIENT_FUNDS`
 */
export function coinsToBond(context: BlockContext, account: Id, { liquid, earned }: Coins): Purse {
  if (liquid + earned === 0n) throw ledgerError('LEDGER_BAD_ACTION', 'nothing to bond')
  const kept = debit(context, account, liquid, ['liquid'])
  return joined(kept, debit(context, account, earned, ['earned']))
}

/** Coins to be bonded. */
export interface Joining {
  readonly purse: Purse
  /** Validators that they left and still answer for. */
  readonly past: readonly Liability[]
}

/**
 * Bonds coins, that were taken from wherever they were, to a validator. The next election counts them, and they
 * answer for it from then on.
 *
 * @throws LedgerError `LEDGER_NOT_FOUND`, `LEDGER_FORBIDDEN`, `LEDGER_TOO_SMALL`, `LEDGER_TOO_LARGE`
 */
export function joinValidator(
  context: BlockContext,
  account: Id,
  key: Id,
  joining: readonly Joining[],
): void {
  const { draft, parameters } = context
  if (validatorOf(draft, key).tombstoned) {
    throw ledgerError('LEDGER_FORBIDDEN', `validator ${key} broke consensus and is never elected again`)
  }
  const staker = settleBonds(context, account, key)
  const validator = seasoned(validatorOf(draft, key), horizonOf(context))
  const since = answersFrom(context)
  const bonds = joining.reduce(
    (list, part) => withBond(list, newBond(validator, key, since, part)),
    staker.bonds,
  )
  if (bonds.length > LIMITS.bonds) {
    throw ledgerError('LEDGER_TOO_LARGE', `an account has ${LIMITS.bonds} bonds at most; old ones become one`)
  }
  const mine = bonds.filter(bond => validatorIn(bond) === key)
  const least = parameters.of('staking/leastBond')
  if (mine.reduce((sum, { purse }) => sum + totalOf(purse!), 0n) < least) {
    throw ledgerError('LEDGER_TOO_SMALL', `a bond is ${formatAmount(least)} NVY at least`, {
      least: String(least),
    })
  }
  keepStaker(draft, account, { ...staker, bonds })
  const amount = joining.reduce((sum, { purse }) => sum + totalOf(purse), 0n)
  const count = validator.bonds + bonds.length - staker.bonds.length
  keepValidator(draft, key, { ...withJoined(validator, since, amount), bonds: count })
}

const newBond = (validator: ValidatorRecord, key: Id, since: number, { purse, past }: Joining): Bond => ({
  liability: liabilityFor(validator, bytesOf(key), since),
  purse,
  rewardIndex: validator.rewardIndex,
  past,
})

/** Bonds with one more, or with a larger one where it is bonded alike. */
function withBond(bonds: readonly Bond[], bond: Bond): readonly Bond[] {
  const twin = bonds.find(
    other =>
      validatorIn(other) === validatorIn(bond) &&
      other.liability!.since === bond.liability!.since &&
      other.past.length + bond.past.length === 0,
  )
  if (twin === undefined) return [...bonds, bond]
  return bonds.map(other => (other === twin ? { ...bond, purse: joined(twin.purse!, bond.purse!) } : other))
}
