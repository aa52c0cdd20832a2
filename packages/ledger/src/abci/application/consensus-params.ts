import { LIMITS } from '@neurovoyance/protocol'
import type { Parameters } from '../../core/parameters/parameters.js'
import type { ConsensusParams } from '../messages/common.js'

const EVIDENCE_BYTES = 256 * 1024
/** Evidence expires where it is too old by blocks *and* by time; by blocks it always is. */
const EVIDENCE_BLOCKS = 1

/** What CometBFT is told of the ledger's parameters: how much a block may hold, and how long faults are punished. */
export const consensusParams = (parameters: Parameters): ConsensusParams => ({
  block: { maxBytes: LIMITS.blockBytes, maxGas: Number(parameters.of('fees/blockWeight')) },
  evidence: {
    maxAgeNumBlocks: EVIDENCE_BLOCKS,
    maxAgeDuration: {
      seconds: Math.floor(Number(parameters.of('evidence/maxAgeMs')) / 1000),
      nanos: 0,
    },
    maxBytes: EVIDENCE_BYTES,
  },
})
