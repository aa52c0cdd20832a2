import { isPartOf } from '../../consensus/core/blocks/merkle.js'
import type { Message, Part, Proposal } from '../../consensus/core/message.js'
import { proposerOf } from '../../consensus/core/proposer.js'
import { rotate } from '../../consensus/core/rotation.js'
import type { ConsensusState } from '../../consensus/core/state.js'
import { isCertificate, isCounted } from '../../consensus/core/votes/rounds.js'

/**
 * What a message is to a validator, before anything that costs: `useless` tells it nothing, `impossible` is sent by
 * nobody honest, `unfounded` is a part of a block that nobody has proposed yet, `unfitting` one that does not fit the
 * proposal that is known (a dishonest proposer can make an honest peer send such).
 */
export type Judgement = 'useful' | 'useless' | 'impossible' | 'unfounded' | 'unfitting'

/** How many parts each proposed block has, by the root over them. */
export type ProposedParts = ReadonlyMap<string, number>

/** Judges a message that `wants` does not refuse; its signatures are still to be verified. */
export function judge(state: ConsensusState, message: Message, proposed: ProposedParts): Judgement {
  switch (message.type) {
    case 'vote':
      return 'useful'
    case 'certificate':
      return isCertificate(state.rounds, message.votes) ? 'useful' : 'impossible'
    case 'proposal':
      return judgeProposal(state, message.proposal)
    case 'part':
      return judgePart(state, message.part, proposed)
  }
}

/** Only the proposer of a round proposes in it. */
function judgeProposal(state: ConsensusState, proposal: Proposal): Judgement {
  const { height, round, validRound, total, proposer } = proposal
  if (validRound >= round || total < 1 || total > state.settings.bounds.parts) return 'impossible'
  if (height === state.height + 1) {
    if (round > 0) return 'useless'
    return rotate(state.nextValidators).proposer === proposer ? 'useful' : 'impossible'
  }
  // whose turn a far round is takes as many turns to find out
  if (!isCounted(state.rounds, round) && !state.rounds.kept.has(round)) return 'useless'
  return proposerOf(state, round) === proposer ? 'useful' : 'impossible'
}

/** A part is of a block that was proposed; a few may come before that. */
function judgePart(state: ConsensusState, part: Part, proposed: ProposedParts): Judgement {
  const { height, partsRoot, index, bytes, proof } = part
  const { partBytes, parts: mostParts } = state.settings.bounds
  if (bytes.length > partBytes || index >= mostParts) return 'impossible'
  for (const candidate of height === state.height ? state.candidates.values() : []) {
    if (candidate.partsRoot === partsRoot && candidate.parts[index] !== undefined) return 'useless'
  }
  const total = proposed.get(partsRoot)
  if (total === undefined) return 'unfounded'
  return isPartOf(partsRoot, total, index, bytes, proof) ? 'useful' : 'unfitting'
}
