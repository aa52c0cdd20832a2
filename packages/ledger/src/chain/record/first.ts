import type { ValidatorSet } from '@neurovoyance/protocol'
import { firstBeginning, genesisSet } from '../../consensus/core/index.js'
import { NO_HASH } from '../../core/block/hashes.js'
import { idOf } from '../../core/hex.js'
import { recordWrite, type Write } from '../../store/index.js'
import { GENESIS_RECORD } from './genesis.js'
import { headWrites } from './head.js'
import { validatorsWrite, wireValidators } from './validators.js'

/** What is kept of a chain before its first block. */
export function firstRecords(genesisHash: Uint8Array, timeMs: number, { validators }: ValidatorSet): Write[] {
  const members = validators.map(({ publicKey, power }) => ({ id: idOf(publicKey), power: BigInt(power) }))
  const beginning = firstBeginning(genesisSet(members))
  const head = { height: 0, timeMs, blockId: NO_HASH, receiptsRoot: NO_HASH, beginning }
  const sets = [beginning.validators, beginning.nextValidators]
  return [
    recordWrite(GENESIS_RECORD, genesisHash),
    ...headWrites(head),
    ...sets.map(set => validatorsWrite(wireValidators(set))),
  ]
}
