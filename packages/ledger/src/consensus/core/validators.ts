import type { ValidatorId } from './message.js'

/** A validator at a height. */
export interface Validator {
  readonly id: ValidatorId
  /** Above zero. */
  readonly power: bigint
  /** How near its turn to propose is; see `rotate`. */
  readonly priority: bigint
}

/** The validators of a height, by id. Never changed: rotation and updates make another. */
export interface ValidatorSet {
  readonly validators: readonly Validator[]
  readonly totalPower: bigint
  /** Where in `validators` an id stands. */
  readonly indexOf: ReadonlyMap<ValidatorId, number>
}

/** Power given to a validator by a block; 0 removes it. */
export interface ValidatorUpdate {
  id: ValidatorId
  power: bigint
}

/** The set of these validators. Throws a RangeError for an empty set, an id given twice or power ≤ 0. */
export function validatorSet(members: Iterable<Validator>): ValidatorSet {
  const validators = [...members].sort((a, b) => (a.id < b.id ? -1 : 1))
  const indexOf = new Map(validators.map(({ id }, index) => [id, index]))
  if (validators.length === 0) throw new RangeError('a validator set has at least one validator')
  if (indexOf.size !== validators.length) throw new RangeError('a validator is in the set twice')
  if (validators.some(({ power }) => power <= 0n)) throw new RangeError('a validator has no power')
  return { validators, indexOf, totalPower: validators.reduce((sum, { power }) => sum + power, 0n) }
}
