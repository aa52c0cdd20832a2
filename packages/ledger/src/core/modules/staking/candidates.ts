import { Candidates, LIMITS } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { bytesOf, type Id, idOf } from '../../hex.js'
import { single } from '../../state/collection.js'
import type { Draft } from '../../state/draft.js'
import { bondedTo, validatorOf } from './validator.js'

/** Validators that may be elected. */
export const candidates = single<Candidates>('staking/candidates', { codec: Candidates })

/** Their keys, sorted. */
export const candidatesOf = (draft: Draft): readonly Id[] =>
  (candidates.get(draft)?.validators ?? []).map(idOf)

/**
 * Lets a validator stand for election. Where there is no place, the candidate with the fewest coins behind it gives
 * way to one with more.
 *
 * @throws LedgerError `LEDGER_TOO_SMALL`
 */
export function enterCandidates(draft: Draft, key: Id): void {
  const keys = candidatesOf(draft)
  if (keys.includes(key)) return
  if (keys.length < LIMITS.candidates) {
    keep(draft, [...keys, key])
    return
  }
  let smallest = keys[0]!
  for (const other of keys) if (bonded(draft, other) < bonded(draft, smallest)) smallest = other
  if (bonded(draft, key) <= bonded(draft, smallest)) {
    throw ledgerError('LEDGER_TOO_SMALL', `all ${LIMITS.candidates} candidates have more coins behind them`)
  }
  keep(draft, [...keys.filter(other => other !== smallest), key])
}

/** A validator is not elected any more. */
export function leaveCandidates(draft: Draft, key: Id): void {
  const keys = candidatesOf(draft)
  const rest = keys.filter(other => other !== key)
  if (rest.length < keys.length) keep(draft, rest)
}

const bonded = (draft: Draft, key: Id): bigint => bondedTo(validatorOf(draft, key))

function keep(draft: Draft, keys: readonly Id[]): void {
  candidates.set(draft, keys.length === 0 ? undefined : { validators: [...keys].sort().map(bytesOf) })
}
