import { LIMITS } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { shareOf } from '../../amount.js'
import { type Id, idOf } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { noteBurnt } from '../../machine/supply.js'
import { accountOf, debitVesting } from '../accounts/account.js'
import { vestingTotal } from '../accounts/vesting.js'
import { horizonOf } from './parameters.js'
import { keepValidator, seasoned, validatorOf } from './validator.js'

/** What a fault takes. */
export interface Slash {
  /** The epoch of the election under which the fault was made. */
  readonly epoch: number
  /** In millionths. */
  readonly share: bigint
  /** Whether it ends the validator: there is always room for one of these. */
  readonly isLast?: boolean
}

/**
 * Takes a share of everything that stood behind a validator when it made a fault, and burns it: of coins bonded then
 * and still, at once; of coins that have left since, on their way back or to another validator, when they are
 * touched next and before anybody has them; of what vests for the owner. Coins that came later are spared.
 *
 * Work is bounded: it does not grow with the number of stakers.
 *
 * @returns what is burnt at once
 * @throws LedgerError `LEDGER_EXPIRED` for a fault whose coins may be gone, `LEDGER_TOO_LARGE` after too many
 */
export function slashValidator(
  context: BlockContext,
  key: Id,
  { epoch, share, isLast = false }: Slash,
): bigint {
  const { draft } = context
  const horizon = horizonOf(context)
  const before = seasoned(validatorOf(draft, key), horizon)
  if (epoch <= horizon || epoch < before.seasonedUntil) {
    throw ledgerError('LEDGER_EXPIRED', `epoch ${epoch} is too long ago`, { epoch })
  }
  if (before.slashes.length >= LIMITS.slashes - (isLast ? 0 : 1)) {
    throw ledgerError('LEDGER_TOO_LARGE', `validator ${key} was slashed ${before.slashes.length} times`)
  }
  let burnt = shareOf(before.seasoned, share)
  const joined = before.joined.map(part => {
    if (part.epoch > epoch) return part
    const lost = shareOf(part.amount, share)
    burnt += lost
    return { epoch: part.epoch, amount: part.amount - lost }
  })
  const entry = { epoch, share: Number(share), rewardIndex: before.rewardIndex }
  keepValidator(draft, key, {
    ...before,
    seasoned: before.seasoned - shareOf(before.seasoned, share),
    joined,
    slashes: [...before.slashes, entry],
  })
  const owner = idOf(before.owner)
  const vesting = shareOf(vestingTotal(accountOf(context, owner).vesting), share)
  if (vesting > 0n) burnt += debitVesting(context, owner, vesting)
  noteBurnt(draft, burnt)
  context.emit({
    kind: 'staking/slashed',
    accounts: [owner],
    fields: { validator: key, epoch, share: Number(share), burnt },
  })
  return burnt
}
