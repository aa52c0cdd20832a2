/**
 * What a validator remembers of what it signed: the last thing that stands between a crash and a double vote.
 * Pure; whoever holds the key keeps the state on disk before a signature is used.
 */
import { NIL, type Unsigned } from './message.js'
import { positionOf, SIGNED_STEPS } from './position.js'
import type { Lock, Rules } from './rules.js'

/** A message and its signature. */
export interface SignedMessage {
  message: Unsigned
  signature: Uint8Array
}

/** What was signed last, and what else a validator that lost its log has to know. */
export interface Signed extends SignedMessage {
  /**
   * What was signed before it at this height, the earliest first: as much as two rounds may hold. Were it lost
   * with every log that had it, others might wait for it for ever.
   */
  before: readonly SignedMessage[]
  /** The block of the last precommit at this height that was not nil: what a log that is lost would have said. */
  lock: Lock
}

/** The last that was signed; undefined before the first. */
export type SignerState = Signed | undefined

/** What a signer does when it is asked. */
export type SignerDecision = { type: 'sign' } | { type: 'repeat'; signature: Uint8Array } | { type: 'refuse' }

/** Signs what comes later than the last, repeats the last for the same content, and refuses the rest. */
export function askSigner(state: SignerState, message: Unsigned, rules: Rules): SignerDecision {
  if (state === undefined) return { type: 'sign' }
  if (contentOf(state.message) === contentOf(message)) return { type: 'repeat', signature: state.signature }
  return rules.maySign(positionOf(state.message), positionOf(message)) ? { type: 'sign' } : { type: 'refuse' }
}

/** The state after a signature. */
export function afterSigning(state: SignerState, message: Unsigned, signature: Uint8Array): Signed {
  const isSameHeight = state?.message.height === message.height
  const before = isSameHeight ? [...state.before, { message: state.message, signature: state.signature }] : []
  return { message, signature, before: before.slice(-REMEMBERED), lock: lockAfter(state, message) }
}

/** Messages that are remembered beside the last: the rest of two rounds. */
const REMEMBERED = 2 * SIGNED_STEPS.length - 1

function lockAfter(state: SignerState, message: Unsigned): Lock {
  if (message.kind === 'vote' && message.type === 'precommit' && message.blockId !== NIL)
    return { round: message.round, blockId: message.blockId }
  return state?.message.height === message.height ? state.lock : { round: -1, blockId: NIL }
}

/** What is signed, in words: two messages have the same signed bytes exactly if they have the same words. */
export function contentOf(message: Unsigned): string {
  const { height, round, validRound, blockId } = message
  return message.kind === 'vote'
    ? `${message.type}/${height}/${round}/${blockId}/${validRound}`
    : `proposal/${height}/${round}/${blockId}/${validRound}/${message.total}`
}
