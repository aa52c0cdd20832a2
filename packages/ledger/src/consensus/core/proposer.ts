import type { ValidatorId } from './message.js'
import { rotate } from './rotation.js'
import type { ConsensusState } from './state.js'

/** Who proposes in a round of the present height [proposer(h_p, round)]. */
export function proposerOf({ turn }: ConsensusState, round: number): ValidatorId {
  while (turn.proposers.length <= round) {
    const { proposer, set } = rotate(turn.set)
    turn.proposers.push(proposer)
    turn.set = set
  }
  return turn.proposers[round]!
}
