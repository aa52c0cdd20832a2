import type { ValidatorSet } from '@neurovoyance/protocol'
import { type Id, idOf } from '../../hex.js'

/** Another power of a validator; 0 for one that is none any more. */
export interface PowerChange {
  /** Its key. */
  readonly id: Id
  readonly power: bigint
}

/** What an election changed, sorted by key: what consensus is told. */
export function powerChanges(before: ValidatorSet, after: ValidatorSet): readonly PowerChange[] {
  const powers = new Map(before.validators.map(({ publicKey, power }) => [idOf(publicKey), power]))
  const changes: PowerChange[] = []
  for (const { publicKey, power } of after.validators) {
    const id = idOf(publicKey)
    if (powers.get(id) !== power) changes.push({ id, power: BigInt(power) })
    powers.delete(id)
  }
  for (const id of powers.keys()) changes.push({ id, power: 0n })
  return changes.sort((a, b) => (a.id < b.id ? -1 : 1))
}
