import { type Message, sameVote } from './message.js'
import type { ConsensusState } from './state.js'
import { isCounted, tallyOf } from './votes/rounds.js'
import { hasQuorum } from './votes/tally.js'

/** Whether a message may tell this state anything new: what it does not want needs no signature check. */
export function wants(state: ConsensusState, message: Message): boolean {
  const { height, rounds } = state
  switch (message.type) {
    case 'vote': {
      const { vote } = message
      if (vote.height === height + 1) return state.nextValidators.indexOf.has(vote.validator)
      if (vote.height === height - 1) return state.lastValidators?.indexOf.has(vote.validator) ?? false
      const index = state.validators.indexOf.get(vote.validator)
      if (vote.height !== height || index === undefined) return false
      if (vote.round > rounds.current + 1) return true
      const tally = tallyOf(rounds, vote.type, vote.round)
      const earlier = tally?.first[index]
      if (tally === undefined || earlier === undefined) return isCounted(rounds, vote.round)
      return !sameVote(earlier, vote) && !tally.twice.has(index)
    }
    case 'certificate': {
      const [first] = message.votes
      if (first === undefined || first.height !== height || state.decided) return false
      return !hasQuorum(tallyOf(rounds, first.type, first.round), first.blockId)
    }
    case 'proposal': {
      const { proposal } = message
      if (proposal.height === height + 1) return state.early.proposal === undefined
      if (proposal.height !== height || state.decided) return false
      return rounds.kept.get(proposal.round)?.proposal?.blockId !== proposal.blockId
    }
    case 'part':
      return message.part.height === height || message.part.height === height + 1
  }
}
