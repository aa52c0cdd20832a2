/** Messages between the core's plain objects and what travels. */
import {
  ConsensusMessage,
  type BlockPart as WirePart,
  type SignedProposal as WireProposal,
  type SignedVote as WireVote,
} from '@neurovoyance/protocol'
import { bytesOf, idOf } from '../../core/hex.js'
import { ledgerError } from '../../errors.js'
import { blockIdOf } from '../core/blocks/merkle.js'
import { type Message, NIL, type Part, type Proposal, type Vote } from '../core/message.js'

/** A message as it travels. Throws a ProtocolError where it is larger than the limits allow. */
export function encodeMessage(message: Message): Uint8Array {
  return ConsensusMessage.encode(wireMessage(message))
}

/**
 * Reads a message; its signatures are still to be verified.
 *
 * @throws ProtocolError for bytes that are no message
 * @throws LedgerError `LEDGER_BAD_CONSENSUS_MESSAGE` for one that says nothing, or more than one thing
 */
export function decodeMessage(bytes: Uint8Array): Message {
  return coreMessage(ConsensusMessage.decode(bytes))
}

/** A message for the encoder. */
export function wireMessage(message: Message): ConsensusMessage {
  switch (message.type) {
    case 'proposal':
      return { proposal: wireProposal(message.proposal) }
    case 'part':
      return { part: wirePart(message.part) }
    case 'vote':
      return { vote: wireVote(message.vote) }
    case 'certificate':
      return { certificate: { votes: message.votes.map(wireVote) } }
  }
}

/** A message that was decoded. */
export function coreMessage({ proposal, part, vote, certificate }: ConsensusMessage): Message {
  const found: Message[] = []
  if (proposal !== undefined) found.push({ type: 'proposal', proposal: coreProposal(proposal) })
  if (part !== undefined) found.push({ type: 'part', part: corePart(part) })
  if (vote !== undefined) found.push({ type: 'vote', vote: coreVote(vote) })
  if (certificate !== undefined) found.push({ type: 'certificate', votes: certificate.votes.map(coreVote) })
  const [message] = found
  if (message === undefined || found.length > 1) throw badMessage(`it says ${found.length} things`)
  return message
}

/** A vote as it travels, and as evidence holds it. */
export function wireVote({ validator, signature, ...vote }: Vote): WireVote {
  return { body: voteBody(vote), validator: bytesOf(validator), signature }
}

/** What a vote signs (see `voteBytes`). */
export function voteBody({
  type,
  height,
  round,
  blockId,
  validRound,
}: Omit<Vote, 'validator' | 'signature'>) {
  return {
    type,
    height,
    round,
    block: blockId === NIL ? undefined : bytesOf(blockId),
    validRound: validRound === -1 ? undefined : validRound,
  }
}

/** A vote that came. */
export function coreVote({ body, validator, signature }: WireVote): Vote {
  if (body === undefined || body.type === 'unspecified') throw badMessage('a vote is of no type')
  return {
    type: body.type,
    height: body.height,
    round: body.round,
    blockId: body.block === undefined ? NIL : idOf(body.block),
    validRound: body.validRound ?? -1,
    validator: idOf(validator),
    signature,
  }
}

/** What a proposal signs (see `proposalBytes`). */
export function proposalBody(proposal: Omit<Proposal, 'proposer' | 'signature'>) {
  const { height, round, validRound, headerHash, total, partsRoot } = proposal
  return {
    height,
    round,
    validRound: validRound === -1 ? undefined : validRound,
    headerHash: bytesOf(headerHash),
    parts: total,
    partsRoot: bytesOf(partsRoot),
  }
}

/** A proposal as it travels. */
export function wireProposal({ proposer, signature, ...proposal }: Proposal): WireProposal {
  return { body: proposalBody(proposal), proposer: bytesOf(proposer), signature }
}

/** A proposal that came. */
export function coreProposal({ body, proposer, signature }: WireProposal): Proposal {
  if (body === undefined) throw badMessage('a proposal has no body')
  const headerHash = idOf(body.headerHash)
  const partsRoot = idOf(body.partsRoot)
  return {
    height: body.height,
    round: body.round,
    validRound: body.validRound ?? -1,
    blockId: blockIdOf(headerHash, body.parts, partsRoot),
    headerHash,
    partsRoot,
    total: body.parts,
    proposer: idOf(proposer),
    signature,
  }
}

function wirePart({ height, partsRoot, index, bytes, proof }: Part): WirePart {
  return { height, partsRoot: bytesOf(partsRoot), index, bytes, proof }
}

function corePart({ height, partsRoot, index, bytes, proof }: WirePart): Part {
  return { height, partsRoot: idOf(partsRoot), index, bytes, proof }
}

function badMessage(problem: string) {
  return ledgerError('LEDGER_BAD_CONSENSUS_MESSAGE', `the consensus message cannot be used: ${problem}`)
}
