import { nextBeginning, stateAt } from '../beginning.js'
import type { ValidatorUpdate } from '../validators.js'
import { votesFor } from '../votes/tally.js'
import { earlyMessages } from './early.js'
import { restore } from './restore.js'
import { schedule, type Turn } from './turn.js'

/** Goes on to the next height, when the block that this one decided is applied. */
export function enterHeight(turn: Turn, updates: readonly ValidatorUpdate[], wanted: boolean): void {
  const last = turn.state
  const { commit, rounds, height } = last
  if (!last.decided || commit === undefined) return
  const precommits = votesFor(rounds.kept.get(commit.round)!.precommits, commit.blockId)
  const beginning = nextBeginning(last, precommits, updates, wanted)
  turn.state = stateAt(beginning, last)
  turn.state.previous = rounds
  turn.state.remembered = last.remembered
  for (const [key, evidence] of last.accused)
    if (key.startsWith(`${height}/`)) turn.state.accused.set(key, evidence)
  turn.effects.push({ type: 'begin', beginning })
  awaitFirstRound(turn)
  restore(turn)
  const messages = earlyMessages(last)
  if (messages.length > 0) turn.effects.push({ type: 'redeliver', messages })
}

/** Between heights: the pause for late precommits, and the heartbeat. */
export function awaitFirstRound(turn: Turn): void {
  schedule(turn, 'commit')
  schedule(turn, 'heartbeat')
  restIfAllVoted(turn)
}

/** There is nothing to pause for where every validator's precommit is here. */
export function restIfAllVoted({ state }: Turn): void {
  const { lastPrecommits, lastValidators, settings } = state
  if (!settings.timeouts.skipCommitWhenAllVoted || lastValidators === undefined) return
  if (lastPrecommits.size === lastValidators.validators.length) state.rested = true
}
