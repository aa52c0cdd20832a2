import type { BlockId } from '../message.js'
import type { ConsensusState } from '../state.js'
import { hasQuorum } from '../votes/tally.js'
import { presentRound } from './present.js'

/** A proposal of the present round that can be judged. */
export interface Judged {
  blockId: BlockId
  validRound: number
  /** Whether the block may be voted for, locks apart. */
  isGood: boolean
}

/** The present round's proposal, once all that lines 22 and 28 wait for is here. */
export function proposalToVoteOn(state: ConsensusState): Judged | undefined {
  const { proposal } = presentRound(state)
  if (proposal === undefined) return undefined
  const { blockId, validRound } = proposal
  const verdict = state.candidates.get(blockId)?.verdict
  if (verdict === undefined) return undefined
  // Line 22. A new block's stamp has to be near this validator's clock; an old one's was near a quorum's.
  if (validRound === -1) return { blockId, validRound, isGood: verdict.valid && verdict.timely }
  // Line 28.
  if (!hasQuorum(state.rounds.kept.get(validRound)?.prevotes, blockId)) return undefined
  return { blockId, validRound, isGood: verdict.valid }
}
