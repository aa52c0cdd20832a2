import { NIL } from '../message.js'
import type { Timeout } from '../timeout.js'
import { sayVote } from './say.js'
import { startRound } from './start-round.js'
import { type Turn, takeTimer } from './turn.js'

/** What follows when a timeout has run out; nothing, where it is of a step that is over. */
export function onTimeout(turn: Turn, timeout: Timeout): void {
  const { state } = turn
  if (!takeTimer(turn, timeout)) return
  switch (timeout.kind) {
    case 'propose': // Lines 57–60.
      if (state.step !== 'propose') return
      sayVote(turn, 'prevote', NIL)
      state.step = 'prevote'
      return
    case 'prevote': // Lines 61–64.
      if (state.step !== 'prevote') return
      sayVote(turn, 'precommit', NIL)
      state.step = 'precommit'
      return
    case 'precommit': // Lines 65–67.
      startRound(turn, state.round + 1)
      return
    case 'commit':
      state.rested = true
      return
    case 'heartbeat':
      state.wanted = true
  }
}
