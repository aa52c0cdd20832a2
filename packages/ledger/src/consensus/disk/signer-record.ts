/** What a signer remembers, between the core's plain objects and bytes. */
import type { SignerMessage, SignerRecord } from '@neurovoyance/protocol'
import { bytesOf, idOf } from '../../core/hex.js'
import { NIL } from '../core/message.js'
import type { Signed, SignedMessage } from '../core/signer.js'
import { badRecord } from '../errors.js'
import { coreProposal, coreVote, wireProposal, wireVote } from '../wire/message.js'

/** A signer's state as it is stored; undefined before the first signature. */
export function wireSigned(chainId: string, signed: Signed | undefined): SignerRecord {
  if (signed === undefined) return { chainId, signed: [] }
  const { before, lock, message, signature } = signed
  return {
    chainId,
    signed: [...before, { message, signature }].map(wireSignedMessage),
    lockRound: lock.round === -1 ? undefined : lock.round,
    lockBlock: lock.blockId === NIL ? undefined : bytesOf(lock.blockId),
  }
}

/** A signer's state that was stored. Throws a ConsensusError for a message that is none. */
export function coreSigned({ signed, lockRound, lockBlock }: SignerRecord): Signed | undefined {
  const messages = signed.map(coreSignedMessage)
  const last = messages.at(-1)
  if (last === undefined) return undefined
  const lock = { round: lockRound ?? -1, blockId: lockBlock === undefined ? NIL : idOf(lockBlock) }
  return { ...last, before: messages.slice(0, -1), lock }
}

function wireSignedMessage({ message, signature }: SignedMessage): SignerMessage {
  return message.kind === 'vote'
    ? { vote: wireVote({ ...message, signature }) }
    : { proposal: wireProposal({ ...message, signature }) }
}

function coreSignedMessage({ vote, proposal }: SignerMessage): SignedMessage {
  if (vote !== undefined) {
    const { signature, ...message } = coreVote(vote)
    return { message: { kind: 'vote', ...message }, signature }
  }
  if (proposal === undefined) throw badRecord('a signed message is neither vote nor proposal')
  const { signature, ...message } = coreProposal(proposal)
  return { message: { kind: 'proposal', ...message }, signature }
}
