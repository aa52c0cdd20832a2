import type { BlockId, Message, Unsigned, VoteType } from '../message.js'
import { positionKey, positionOf } from '../position.js'
import type { Turn } from './turn.js'

/** Asks to sign a message and to put it on disk; it is counted and leaves when that is done (`persisted`). */
export function say({ state, effects }: Turn, message: Unsigned): void {
  if (state.self === undefined || !state.validators.indexOf.has(state.self)) return
  const id = positionKey(positionOf(message))
  if (state.own.has(id) || state.unsaid.has(id)) return
  state.unsaid.set(id, message)
  effects.push({ type: 'persist', id, message })
}

/** Votes in the present round, as oneself. */
export function sayVote(turn: Turn, type: VoteType, blockId: BlockId, validRound = -1): void {
  const { height, round, self } = turn.state
  say(turn, { kind: 'vote', type, height, round, blockId, validRound, validator: self ?? '' })
}

/** Takes a message that was signed: what was waiting to be said becomes what was said. */
export function takeSigned({ state }: Turn, id: string, signature: Uint8Array): Message | undefined {
  const unsaid = state.unsaid.get(id)
  if (unsaid === undefined) return undefined
  state.unsaid.delete(id)
  const message = signedMessage(unsaid, signature)
  state.own.set(id, message)
  return message
}

/** The message with its signature. */
export function signedMessage(unsigned: Unsigned, signature: Uint8Array): Message {
  if (unsigned.kind === 'vote') {
    const { kind: _kind, ...vote } = unsigned
    return { type: 'vote', vote: { ...vote, signature } }
  }
  const { kind: _kind, ...proposal } = unsigned
  return { type: 'proposal', proposal: { ...proposal, signature } }
}

/** Tells everyone a message; a proposal with the parts of its block that are here. */
export function broadcast({ state, effects }: Turn, message: Message): void {
  effects.push({ type: 'broadcast', message })
  if (message.type !== 'proposal') return
  for (const part of state.candidates.get(message.proposal.blockId)?.parts ?? [])
    if (part !== undefined) effects.push({ type: 'broadcast', message: { type: 'part', part } })
}
