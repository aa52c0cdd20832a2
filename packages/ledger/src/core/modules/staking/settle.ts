import type { Bond, Liability, StakerRecord, ValidatorRecord } from '@neurovoyance/protocol'
import { type Id, idOf } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { noteBurnt } from '../../machine/supply.js'
import type { Draft } from '../../state/draft.js'
import { credit } from '../accounts/account.js'
import { earnedPurse, joined, totalOf } from '../accounts/purse.js'
import { afterLiabilities, dueSlashes, slashed } from './liability.js'
import { horizonOf } from './parameters.js'
import { stakerOf } from './staker.js'
import { keepValidator, seasoned, validatorOf, withoutJoined } from './validator.js'

/** Base units for which a validator's reward index counts. */
export const REWARD_SCALE = 1_000_000_000n

/** A bond's validator. */
export const validatorIn = (bond: Bond): Id => idOf(bond.liability!.validator)

/** A bond with its own validator's slashes counted, and the rewards it had before and after each of them. */
export function countedBond(bond: Bond, validator: ValidatorRecord): { bond: Bond; reward: bigint } {
  let purse = bond.purse!
  let index = bond.rewardIndex
  let scaled = 0n
  for (const slash of dueSlashes(validator, bond.liability!)) {
    scaled += totalOf(purse) * (slash.rewardIndex - index)
    index = slash.rewardIndex
    purse = slashed(purse, slash.share)
  }
  scaled += totalOf(purse) * (validator.rewardIndex - index)
  const liability = { ...bond.liability!, slashes: validator.slashes.length }
  return {
    bond: { ...bond, liability, purse, rewardIndex: validator.rewardIndex },
    reward: scaled / REWARD_SCALE,
  }
}

/**
 * Brings an account's bonds up to date, all or those to one validator: slashes since they were last touched are
 * counted, rewards are paid, and bonds that nothing tells apart any more become one.
 *
 * @returns what it has bonded now; the caller keeps it (`keepStaker`)
 */
export function settleBonds(context: BlockContext, account: Id, key?: Id): StakerRecord {
  const { draft, timeMs } = context
  const staker = stakerOf(draft, account)
  const horizon = horizonOf(context)
  let rewards = 0n
  const bonds: Bond[] = []
  for (const before of staker.bonds) {
    const id = validatorIn(before)
    if (key !== undefined && key !== id) {
      bonds.push(before)
      continue
    }
    let validator = seasoned(validatorOf(draft, id), horizon)
    const { bond, reward } = countedBond(before, validator)
    const purse = afterLiabilities(draft, bond.purse!, bond.past)
    const burnt = totalOf(bond.purse!) - totalOf(purse)
    validator = withoutJoined(validator, bond.liability!.since, burnt)
    noteBurnt(draft, burnt)
    rewards += reward
    const counted = { ...bond, purse, past: bond.past.flatMap(past => stillDue(draft, past, timeMs)) }
    const gone = totalOf(purse) === 0n
    const twin = gone ? undefined : bonds.find(other => isSame(other, counted, validator))
    if (twin !== undefined) bonds[bonds.indexOf(twin)] = merged(twin, counted)
    else if (!gone) bonds.push(counted)
    const count = validator.bonds - (gone || twin !== undefined ? 1 : 0)
    keepValidator(draft, id, { ...validator, bonds: count, rewards: validator.rewards - reward })
  }
  if (rewards > 0n) {
    credit(context, account, earnedPurse(rewards, timeMs))
    context.emit({ kind: 'staking/rewarded', accounts: [account], fields: { amount: rewards } })
  }
  return { ...staker, bonds }
}

function stillDue(draft: Draft, past: Liability, timeMs: number): Liability[] {
  if (past.endsMs! <= timeMs) return []
  return [{ ...past, slashes: validatorOf(draft, idOf(past.validator)).slashes.length }]
}

/** Whether no fault will ever concern one of two bonds and not the other. */
function isSame(a: Bond, b: Bond, { seasonedUntil }: ValidatorRecord): boolean {
  if (validatorIn(a) !== validatorIn(b) || a.past.length > 0 || b.past.length > 0) return false
  const [first, second] = [a.liability!.since, b.liability!.since]
  return first === second || (first <= seasonedUntil && second <= seasonedUntil)
}

const merged = (a: Bond, b: Bond): Bond => ({ ...b, purse: joined(a.purse!, b.purse!) })
