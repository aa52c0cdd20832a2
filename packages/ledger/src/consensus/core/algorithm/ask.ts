/** Effects that are asked for while the algorithm runs, and again after a restart. */
import type { Candidate } from '../blocks/candidate.js'
import type { Effect } from '../effect.js'
import { type Commit, commitOf } from '../message.js'
import type { ConsensusState } from '../state.js'
import { votesFor } from '../votes/tally.js'

/** Line 18: a new block for a round. */
export function askToBuild(state: ConsensusState, round: number): Effect {
  return { type: 'buildProposal', height: state.height, round, lastCommit: lastCommitOf(state) }
}

/** valid(v): whether a whole block may be voted for. */
export function askToCheck({ height, round }: ConsensusState, candidate: Candidate): Effect | undefined {
  const { bytes, blockId, headerHash } = candidate
  return bytes && { type: 'checkProposal', height, round, blockId, headerHash, bytes }
}

/** Line 51: the decision, with the precommits that make it one. */
export function askToDecide({ height, commit, candidates, rounds }: ConsensusState): Effect | undefined {
  const candidate = commit && candidates.get(commit.blockId)
  if (commit === undefined || candidate?.bytes === undefined) return undefined
  const { round, blockId } = commit
  const { headerHash, partsRoot, bytes } = candidate
  const precommits = votesFor(rounds.kept.get(round)!.precommits, blockId)
  const decision = { height, round, blockId, headerHash, partsRoot, bytes, commit: commitOf(precommits) }
  return { type: 'decide', ...decision }
}

function lastCommitOf({ lastPrecommits, lastValidators }: ConsensusState): Commit | undefined {
  if (lastValidators === undefined || lastPrecommits.size === 0) return undefined
  return commitOf(lastValidators.validators.flatMap(({ id }) => lastPrecommits.get(id) ?? []))
}
