import type { ValidatorRecord } from '@neurovoyance/protocol'
import { NVY } from '../../amount.js'
import { bytesOf, type Id, idOf } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import type { Draft } from '../../state/draft.js'
import { totalOf } from '../accounts/purse.js'
import { epochOf } from '../time/time.js'
import { candidatesOf, leaveCandidates } from './candidates.js'
import { keepElection } from './elections.js'
import { countedBond, validatorIn } from './settle.js'
import { stakerOf } from './staker.js'
import { bondedTo, validatorOf } from './validator.js'

/** Power in votes is counted in whole NVY. */
export const powerOf = (validator: ValidatorRecord): number => Number(bondedTo(validator) / NVY)

/**
 * Elects the validators of an epoch: of the candidates whose owners have enough bonded themselves, those with the
 * most power; of equal ones those with the smaller key. Where nobody can be elected, those who are stay. Candidates
 * with nothing behind them are none any more.
 */
export function elect(context: BlockContext): void {
  const { draft, parameters } = context
  const least = parameters.of('staking/leastSelfBond')
  const standing = candidatesOf(draft).map(key => ({ key, validator: validatorOf(draft, key) }))
  for (const { key, validator } of standing) if (validator.bonds === 0) leaveCandidates(draft, key)
  const elected = standing
    .filter(({ validator }) => validator.jailedUntilMs === undefined && !validator.tombstoned)
    .map(({ key, validator }) => ({ key, validator, power: powerOf(validator) }))
    .filter(({ key, validator, power }) => power > 0 && selfBond(draft, key, validator) >= least)
    .sort((a, b) => b.power - a.power || (a.key < b.key ? -1 : 1))
    .slice(0, Number(parameters.of('staking/validators')))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  if (elected.length === 0) return
  const set = { validators: elected.map(({ key, power }) => ({ publicKey: bytesOf(key), power })) }
  keepElection(context, set, { epoch: epochOf(context), timeMs: context.timeMs })
}

/** What an owner has bonded to his validator, after its slashes. */
export function selfBond(draft: Draft, key: Id, validator: ValidatorRecord): bigint {
  return stakerOf(draft, idOf(validator.owner))
    .bonds.filter(bond => validatorIn(bond) === key)
    .reduce((sum, bond) => sum + totalOf(countedBond(bond, validator).bond.purse!), 0n)
}
