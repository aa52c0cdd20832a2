import { ValidatorSet } from '@neurovoyance/protocol'
import type { ValidatorSet as RotatingSet } from '../../consensus/core/index.js'
import { validatorsHashOf } from '../../core/block/hashes.js'
import { bytesOf, idOf } from '../../core/hex.js'
import { type LedgerStore, recordWrite, type Write } from '../../store/index.js'

const nameOf = (hash: Uint8Array): string => `validators/${idOf(hash)}`

/** A set without its rotation: as headers hash it. */
export const wireValidators = ({ validators }: RotatingSet): ValidatorSet => ({
  validators: validators.map(({ id, power }) => ({ publicKey: bytesOf(id), power: Number(power) })),
})

/** Keeps a set under its hash, which headers name. */
export const validatorsWrite = (set: ValidatorSet): Write =>
  recordWrite(nameOf(validatorsHashOf(set)), ValidatorSet.encode(set))

/** The set of a hash, if it decided a block that this node has applied, or the next one. */
export function readValidators(store: LedgerStore, hash: Uint8Array): ValidatorSet | undefined {
  const bytes = store.record(nameOf(hash))
  return bytes && ValidatorSet.decode(bytes)
}
