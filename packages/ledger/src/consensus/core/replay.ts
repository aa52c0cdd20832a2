import { askToBuild, askToCheck, askToDecide } from './algorithm/ask.js'
import { broadcast } from './algorithm/say.js'
import type { Turn } from './algorithm/turn.js'
import type { Beginning, Identity } from './beginning.js'
import type { Effect } from './effect.js'
import type { ConsensusEvent } from './event.js'
import type { ConsensusState } from './state.js'
import { begin, step } from './step.js'
import { delayMs } from './timeout.js'

/** The state that a log of events leads to; what was asked for on the way is not asked for again. */
export function replay(
  beginning: Beginning,
  identity: Identity,
  events: Iterable<ConsensusEvent>,
): ConsensusState {
  let { state } = begin(beginning, identity)
  for (const event of events) state = step(state, event).state
  return state
}

/**
 * All that a state still waits for, to be asked for after a restart; what it said and found, to be said again.
 */
export function resume(state: ConsensusState): readonly Effect[] {
  const turn: Turn = { state, effects: [] }
  const ask = (effect: Effect | undefined): void => void (effect && turn.effects.push(effect))
  for (const evidence of state.accused.values()) ask({ type: 'evidence', evidence })
  if (state.decided) ask(askToDecide(state))
  for (const timeout of state.timers.values())
    ask({ type: 'schedule', timeout, delayMs: delayMs(state.settings.timeouts, timeout) })
  for (const message of state.own.values()) broadcast(turn, message)
  for (const candidate of state.candidates.values())
    if (candidate.asked && candidate.verdict === undefined) ask(askToCheck(state, candidate))
  for (const [id, message] of state.unsaid) ask({ type: 'persist', id, message })
  if (state.building !== undefined) ask(askToBuild(state, state.building))
  return turn.effects
}
