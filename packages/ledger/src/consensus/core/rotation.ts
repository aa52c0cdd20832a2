/**
 * Who proposes: weighted round robin by priority. In each turn every priority grows by its validator's power,
 * the highest proposes and pays the total power, so that everyone proposes in proportion. The rules are
 * CometBFT's (spec/consensus/proposer-selection), in bigint.
 */
import type { ValidatorId } from './message.js'
import { type Validator, type ValidatorSet, type ValidatorUpdate, validatorSet } from './validators.js'

/** Priorities lie within this many times the total power of each other. */
const SPREAD = 2n

/** The set at genesis: everyone equally near to its turn. */
export function genesisSet(members: Iterable<{ id: ValidatorId; power: bigint }>): ValidatorSet {
  return validatorSet([...members].map(({ id, power }) => ({ id, power, priority: 0n })))
}

/** Takes one turn: who proposes, and the set after it. Of equal priorities the smaller id goes first. */
export function rotate(set: ValidatorSet): { proposer: ValidatorId; set: ValidatorSet } {
  const settled = centred(rescaled(set.validators, set.totalPower))
  const grown = settled.map(validator => ({ ...validator, priority: validator.priority + validator.power }))
  let first = 0
  for (let index = 1; index < grown.length; index++)
    if (grown[index]!.priority > grown[first]!.priority) first = index
  const proposer = grown[first]!
  grown[first] = { ...proposer, priority: proposer.priority - set.totalPower }
  return { proposer: proposer.id, set: { ...set, validators: grown } }
}

/**
 * The set with other powers. Whoever is new starts at −1.125 × the new total, so that leaving and coming back
 * does not bring a validator's turn forward. Throws a RangeError where nobody would be left.
 */
export function withUpdates(set: ValidatorSet, updates: readonly ValidatorUpdate[]): ValidatorSet {
  if (updates.length === 0) return set
  const powers = new Map(set.validators.map(({ id, power }) => [id, power]))
  for (const { id, power } of updates) {
    if (power > 0n) powers.set(id, power)
    else powers.delete(id)
  }
  if (powers.size === 0) throw new RangeError('these updates leave no validator')
  const total = [...powers.values()].reduce((sum, power) => sum + power, 0n)
  const members = [...powers].map(([id, power]) => {
    const index = set.indexOf.get(id)
    const priority = index === undefined ? -(total + total / 8n) : set.validators[index]!.priority
    return { id, power, priority }
  })
  return validatorSet(centred(rescaled(members, total)))
}

function rescaled(validators: readonly Validator[], totalPower: bigint): readonly Validator[] {
  let least = validators[0]!.priority
  let most = least
  for (const { priority } of validators) {
    if (priority < least) least = priority
    if (priority > most) most = priority
  }
  const spread = most - least
  const allowed = SPREAD * totalPower
  if (spread <= allowed) return validators
  const ratio = (spread + allowed - 1n) / allowed
  return validators.map(validator => ({ ...validator, priority: validator.priority / ratio }))
}

function centred(validators: readonly Validator[]): readonly Validator[] {
  const sum = validators.reduce((total, { priority }) => total + priority, 0n)
  const mean = floorDivide(sum, BigInt(validators.length))
  if (mean === 0n) return validators
  return validators.map(validator => ({ ...validator, priority: validator.priority - mean }))
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b < 0n ? quotient - 1n : quotient
}
