import type { ValidatorRecord } from '@neurovoyance/protocol'
import { shareOf } from '../../amount.js'
import { idOf } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { credit } from '../accounts/account.js'
import { earnedPurse } from '../accounts/purse.js'
import { validatorSetOf } from './elections.js'
import { stakersPool } from './pool.js'
import { REWARD_SCALE } from './settle.js'
import { bondedTo, validatorOf, validators } from './validator.js'

/** Where an index ends: a validator that was paid so much for so little is paid no more. */
const MOST_INDEX = (1n << 63n) - 1n

/**
 * Divides the pool among the validators that are elected, by their power: to the owner his commission, to all who
 * have bonded the rest, by an index. What does not divide stays in the pool.
 */
export function payOut(context: BlockContext): void {
  const { draft, timeMs } = context
  const pool = stakersPool.get(draft)?.amount ?? 0n
  if (pool === 0n) return
  const set = validatorSetOf(draft).validators
  const total = set.reduce((sum, { power }) => sum + BigInt(power), 0n)
  let left = pool
  for (const { publicKey, power } of set) {
    const key = idOf(publicKey)
    const validator = validatorOf(draft, key)
    const part = (pool * BigInt(power)) / total
    if (part === 0n || bondedTo(validator) === 0n) continue
    const commission = shareOf(part, BigInt(validator.commission))
    const after = rewarded(validator, part - commission)
    if (after.rewardIndex > MOST_INDEX) continue
    const owner = idOf(validator.owner)
    if (commission > 0n) credit(context, owner, earnedPurse(commission, timeMs))
    validators.set(draft, key, after)
    left -= part
    context.emit({
      kind: 'staking/paid',
      accounts: [owner],
      fields: { validator: key, commission, stakers: part - commission },
    })
  }
  if (left !== pool) stakersPool.set(draft, left === 0n ? undefined : { amount: left })
}

/** A validator with rewards for everybody who has bonded. */
function rewarded(validator: ValidatorRecord, amount: bigint): ValidatorRecord {
  const bonded = bondedTo(validator)
  const due = validator.carry + amount
  const step = (due * REWARD_SCALE) / bonded
  const spent = (step * bonded + REWARD_SCALE - 1n) / REWARD_SCALE
  return {
    ...validator,
    rewardIndex: validator.rewardIndex + step,
    rewards: validator.rewards + amount,
    carry: due - spent,
  }
}
