import { ValidatorRecord } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import type { Id } from '../../hex.js'
import { noteBurnt } from '../../machine/supply.js'
import { collection } from '../../state/collection.js'
import type { Draft } from '../../state/draft.js'
import { addToPool } from './pool.js'

/** Validators by their key. */
export const validators = collection<ValidatorRecord>('staking/validators', {
  codec: ValidatorRecord,
  holdings: validator => ({ bonded: bondedTo(validator), stakers: validator.rewards }),
})

/** Coins bonded to a validator. */
export const bondedTo = ({ seasoned, joined }: ValidatorRecord): bigint =>
  joined.reduce((sum, { amount }) => sum + amount, seasoned)

/**
 * A validator.
 *
 * @throws LedgerError `LEDGER_NOT_FOUND`
 */
export function validatorOf(draft: Draft, key: Id): ValidatorRecord {
  const validator = validators.get(draft, key)
  if (validator === undefined) throw ledgerError('LEDGER_NOT_FOUND', `there is no validator ${key}`, { key })
  return validator
}

/** A validator with coins in one sum that no fault tells apart any more: all of them answer for what is punished. */
export function seasoned(validator: ValidatorRecord, horizon: number): ValidatorRecord {
  const old = validator.joined.filter(({ epoch }) => epoch <= horizon + 1)
  if (old.length === 0) return validator
  return {
    ...validator,
    seasoned: old.reduce((sum, { amount }) => sum + amount, validator.seasoned),
    seasonedUntil: old.at(-1)!.epoch,
    joined: validator.joined.slice(old.length),
  }
}

/** A validator with coins that answer for it from an epoch on, the latest so far. */
export function withJoined(validator: ValidatorRecord, epoch: number, amount: bigint): ValidatorRecord {
  const last = validator.joined.at(-1)
  if (last?.epoch !== epoch) return { ...validator, joined: [...validator.joined, { epoch, amount }] }
  return { ...validator, joined: [...validator.joined.slice(0, -1), { epoch, amount: last.amount + amount }] }
}

/** A validator without some of the coins that answer for it from an epoch on. */
export function withoutJoined(validator: ValidatorRecord, epoch: number, amount: bigint): ValidatorRecord {
  if (amount === 0n) return validator
  if (!validator.joined.some(joined => joined.epoch === epoch)) {
    return { ...validator, seasoned: validator.seasoned - amount }
  }
  return {
    ...validator,
    joined: validator.joined
      .map(joined => (joined.epoch === epoch ? { epoch, amount: joined.amount - amount } : joined))
      .filter(joined => joined.amount > 0n),
  }
}

/**
 * Keeps a validator. What rounding left over when its last bond is gone is nobody's: coins are burnt, rewards go
 * back into the pool.
 */
export function keepValidator(draft: Draft, key: Id, validator: ValidatorRecord): void {
  if (validator.bonds > 0) {
    validators.set(draft, key, validator)
    return
  }
  noteBurnt(draft, bondedTo(validator))
  addToPool(draft, validator.rewards)
  validators.set(draft, key, { ...validator, seasoned: 0n, joined: [], rewards: 0n, carry: 0n })
}
