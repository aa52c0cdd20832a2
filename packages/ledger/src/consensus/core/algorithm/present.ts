import type { ConsensusState } from '../state.js'
import { openRound, type Round } from '../votes/rounds.js'

/** The record of the present round. */
export function presentRound({ rounds, round }: ConsensusState): Round {
  return openRound(rounds, round)
}

/** Whether this power of the present validators is a quorum. */
export function exceedsQuorum({ settings, validators }: ConsensusState, power: bigint): boolean {
  return settings.rules.isQuorum(power, validators.totalPower)
}
