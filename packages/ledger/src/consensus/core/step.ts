/**
 * Tendermint (arXiv 1807.04938, Algorithm 1) as a pure function. Comments in `algorithm/` name the lines.
 *
 * Three things differ from the paper. Prevotes carry the round of the quorum that justifies them, so that a
 * forgotten lock is provable. A block is known by its id, so whoever has it may decide it, whichever round's
 * proposal brought it. And between heights there is a pause in which nobody proposes unless a block is due.
 */

import { awaitFirstRound, enterHeight, restIfAllVoted } from './algorithm/height.js'
import { progress } from './algorithm/progress.js'
import {
  checkIfWhole,
  receiveCertificate,
  receivePart,
  receiveProposal,
  receiveVote,
} from './algorithm/receive.js'
import { restore } from './algorithm/restore.js'
import { broadcast, takeSigned } from './algorithm/say.js'
import { sayProposal } from './algorithm/start-round.js'
import { onTimeout } from './algorithm/timeouts.js'
import type { Turn } from './algorithm/turn.js'
import { type Beginning, type Identity, stateAt } from './beginning.js'
import { wholeCandidate } from './blocks/candidate.js'
import type { Effect } from './effect.js'
import type { ConsensusEvent } from './event.js'
import type { ConsensusState } from './state.js'

/** A state and what it asks for. */
export interface Stepped {
  state: ConsensusState
  effects: readonly Effect[]
}

/** The beginning of a height. */
export function begin(beginning: Beginning, identity: Identity): Stepped {
  const turn: Turn = { state: stateAt(beginning, identity), effects: [] }
  awaitFirstRound(turn)
  progress(turn)
  return turn
}

/** What follows from an event. The state given is owned and changed by it: go on with the one it returns. */
export function step(state: ConsensusState, event: ConsensusEvent): Stepped {
  const turn: Turn = { state, effects: [] }
  receive(turn, event)
  progress(turn)
  return turn
}

function receive(turn: Turn, event: ConsensusEvent): void {
  switch (event.type) {
    case 'proposal':
      receiveProposal(turn, event.proposal)
      break
    case 'part':
      receivePart(turn, event.part)
      break
    case 'vote':
      receiveVote(turn, event.vote)
      restIfAllVoted(turn)
      break
    case 'certificate':
      receiveCertificate(turn, event.votes)
      break
    case 'timeout':
      onTimeout(turn, event.timeout)
      break
    case 'transactions':
      turn.state.wanted = true
      break
    case 'built':
      onBuilt(turn, event)
      break
    case 'checked':
      onChecked(turn, event)
      break
    case 'persisted':
      onPersisted(turn, event)
      break
    case 'refused':
      turn.state.unsaid.delete(event.id)
      break
    case 'applied':
      if (event.height === turn.state.height) enterHeight(turn, event.updates, event.wanted)
      break
    case 'synced':
      onSynced(turn, event)
      break
    case 'restored':
      turn.state.remembered = event.signed
      restore(turn)
  }
}

type EventOf<Type extends ConsensusEvent['type']> = Extract<ConsensusEvent, { type: Type }>

/** Line 18 goes on: the block that was asked for becomes the proposal, if its round is not over. */
function onBuilt(turn: Turn, { height, round, headerHash, bytes }: EventOf<'built'>): void {
  const { state } = turn
  if (height !== state.height || round !== state.round || state.building !== round) return
  state.building = undefined
  const { partBytes, parts } = state.settings.bounds
  if (bytes.length > partBytes * parts)
    throw new RangeError(`a block has at most ${partBytes * parts} bytes, this has ${bytes.length}`)
  const built = wholeCandidate(height, headerHash, bytes, partBytes)
  const candidate = state.candidates.get(built.blockId) ?? built
  state.candidates.set(built.blockId, candidate)
  checkIfWhole(turn, candidate)
  if (state.step === 'propose') sayProposal(turn, candidate, -1)
}

function onChecked({ state }: Turn, { height, blockId, valid, timely }: EventOf<'checked'>): void {
  const candidate = height === state.height ? state.candidates.get(blockId) : undefined
  if (candidate?.asked && candidate.verdict === undefined) candidate.verdict = { valid, timely }
}

/** One's own message is safe on disk: now it counts, and leaves. */
function onPersisted(turn: Turn, { id, signature }: EventOf<'persisted'>): void {
  const message = takeSigned(turn, id, signature)
  if (message === undefined) return
  if (message.type === 'vote') receiveVote(turn, message.vote)
  if (message.type === 'proposal') receiveProposal(turn, message.proposal)
  broadcast(turn, message)
}

/** A block that a quorum decided is valid: one of them is honest and has checked it. */
function onSynced(turn: Turn, { headerHash, bytes, precommits }: EventOf<'synced'>): void {
  const { state } = turn
  const [first] = precommits
  if (first === undefined || first.height !== state.height || first.type !== 'precommit' || state.decided)
    return
  const { partBytes } = state.settings.bounds
  const candidate = wholeCandidate(state.height, headerHash, bytes, partBytes)
  if (candidate.blockId !== first.blockId) return
  receiveCertificate(turn, precommits)
  if (state.commit?.blockId !== candidate.blockId) return
  candidate.verdict = { valid: true, timely: true }
  state.candidates.set(candidate.blockId, candidate)
}
