import type { Beginning } from '../../consensus/core/index.js'
import { genesisSet } from '../../consensus/core/index.js'
import { sameBytes } from '../../core/block/merkle.js'
import { idOf } from '../../core/hex.js'
import type { CoherentBlock } from '../../core/light/verify.js'
import { recordWrite, type Write } from '../../store/index.js'
import { precommitsOf } from '../record/commit.js'
import { GENESIS_RECORD } from '../record/genesis.js'
import { headWrites } from '../record/head.js'
import { validatorsWrite } from '../record/validators.js'
import type { Rotation } from './rotation.js'

/**
 * What a chain's node keeps beside a state that it did not make itself: all that the next block and consensus go on
 * from. Everything but the priorities is in the headers of the block and of the one after it.
 */
export function syncedRecords(
  genesisHash: Uint8Array,
  at: CoherentBlock,
  next: CoherentBlock,
  { validators, nextValidators }: Rotation,
): Write[] {
  const { height, timeMs } = at.header
  const lastValidators = genesisSet(
    at.validators.validators.map(({ publicKey, power }) => ({ id: idOf(publicKey), power: BigInt(power) })),
  )
  const beginning: Beginning = {
    height: height + 1,
    validators,
    nextValidators,
    lastPrecommits: precommitsOf(at.commit, lastValidators),
    lastValidators,
    wanted: !sameBytes(at.header.stateRoot, next.header.stateRoot),
  }
  const head = { height, timeMs, blockId: at.blockId, receiptsRoot: next.header.receiptsRoot, beginning }
  const sets = [at.validators, next.validators, next.nextValidators]
  return [recordWrite(GENESIS_RECORD, genesisHash), ...headWrites(head), ...sets.map(validatorsWrite)]
}
