import type { Effect } from '../effect.js'
import type { ConsensusState } from '../state.js'
import { delayMs, type Timeout, timeoutKey } from '../timeout.js'

/** One event being worked on. */
export interface Turn {
  /** Replaced when a height begins. */
  state: ConsensusState
  readonly effects: Effect[]
}

/** Asks for a timeout, which `takeTimer` gives back when it fires. */
export function schedule(turn: Turn, kind: Timeout['kind'], round = turn.state.round): void {
  const timeout: Timeout = { kind, height: turn.state.height, round }
  turn.state.timers.set(timeoutKey(timeout), timeout)
  turn.effects.push({
    type: 'schedule',
    timeout,
    delayMs: delayMs(turn.state.settings.timeouts, timeout),
  })
}

/** Whether a timeout that fired is one that still runs; it does no longer. */
export function takeTimer({ state }: Turn, timeout: Timeout): boolean {
  return timeout.height === state.height && state.timers.delete(timeoutKey(timeout))
}
