import type { Message, Unsigned } from '../message.js'
import { comparePositions, type Position, positionIn, positionKey, positionOf } from '../position.js'
import type { SignerState } from '../signer.js'
import type { ConsensusState, Step } from '../state.js'
import { receiveProposal, receiveVote } from './receive.js'
import { broadcast, signedMessage } from './say.js'
import { startRound } from './start-round.js'
import type { Turn } from './turn.js'

/**
 * Goes to where the signer is, if that is further than the log: the log's tail is lost. What was signed of late is
 * said again, and the signer's lock is kept, so a damaged log makes nobody forget what he told others.
 */
export function restore(turn: Turn): void {
  const { state } = turn
  const { remembered, height } = state
  if (remembered === undefined || remembered.message.height > height) return
  state.remembered = undefined
  const position = positionOf(remembered.message)
  if (position.height < height || state.decided || state.own.has(positionKey(position))) return
  if (state.settings.rules.maySign(position, nextPosition(state))) return
  const { lock } = remembered
  if (lock.round > state.lock.round) state.lock = lock
  if (lock.round > state.valid.round) state.valid = lock
  const { before, ...last } = remembered
  const lost = [...before, last].filter(({ message }) => !state.own.has(keyOf(message)))
  for (const { message, signature } of lost) {
    state.own.set(keyOf(message), signedMessage(message, signature))
    state.unsaid.delete(keyOf(message))
  }
  if (position.round > state.round) startRound(turn, position.round)
  if (position.step !== 'proposal') state.step = position.step
  for (const { message } of lost) sayAgain(turn, state.own.get(keyOf(message))!)
}

function sayAgain(turn: Turn, message: Message): void {
  if (message.type === 'vote') receiveVote(turn, message.vote)
  if (message.type === 'proposal') receiveProposal(turn, message.proposal)
  broadcast(turn, message)
}

const keyOf = (message: Unsigned): string => positionKey(positionOf(message))

/** The least position at which this state may sign next. */
function nextPosition({ height, round, step }: ConsensusState): Position {
  const next: Record<Step, Position> = {
    'new-height': { height, round: 0, step: 'proposal' },
    propose: { height, round, step: 'proposal' },
    prevote: { height, round, step: 'precommit' },
    precommit: { height, round: round + 1, step: 'proposal' },
    commit: { height: height + 1, round: 0, step: 'proposal' },
  }
  return next[step]
}

/** Whether the signer is behind what the log says was signed: its state was lost, or is an old copy. */
export function isStale(signer: SignerState, { own, height }: ConsensusState): boolean {
  const said = [...own.keys()]
  if (signer === undefined) return said.length > 0
  const last = positionOf(signer.message)
  return said.some(key => comparePositions(last, positionIn(height, key)) < 0)
}
