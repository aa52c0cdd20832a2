// Generated from proto/neurovoyance/ledger/v1/consensus.proto by `pnpm generate`: edit that file, not this one.
import { checkLength } from '../ids/checks.js'
import { LIMITS } from '../limits.js'
import type { Codec } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'

export const VOTE_TYPES = ['unspecified', 'prevote', 'precommit'] as const
/**
 * The two rounds of voting.
 *
 * - `unspecified`: not told, or told by a newer version
 * - `prevote`: not told, or told by a newer version
 * - `precommit`: not told, or told by a newer version
 */

export type VoteType = (typeof VOTE_TYPES)[number]

/**
 * What a vote says. Signed is `neurovoyance/vote/1`, a zero byte, the length of the chain's id (one byte), the id, and
 * this message, encoded.
 */
export interface VoteBody {
  /** Prevote or precommit. */
  readonly type: VoteType
  /** Height of the block. */
  readonly height: number
  /** Round of the vote. */
  readonly round: number
  /**
   * Id of the block: SHA-256 of the hash of its encoded header, the number of its parts (four bytes,
   * big-endian) and their root; absent for no block.
   */
  readonly block?: Uint8Array | undefined
  /** Prevotes for a block: the latest round in which the sender knows a quorum of prevotes for it; absent for none. */
  readonly validRound?: number | undefined
}

export function readVoteBody(reader: WireReader): VoteBody {
  let type: VoteType = 'unspecified'
  let height: number = 0
  let round: number = 0
  let block: Uint8Array | undefined
  let validRound: number | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        type = VOTE_TYPES[reader.varint('VoteBody.type')] ?? 'unspecified'
        break
      case 16:
        height = reader.varint('VoteBody.height')
        break
      case 24:
        round = reader.uint32('VoteBody.round')
        break
      case 34:
        block = reader.copy('VoteBody.block', LIMITS.hashBytes)
        break
      case 40:
        validRound = reader.uint32('VoteBody.validRound')
        break
      default:
        reader.refuse(tag)
    }
  }
  if (block !== undefined) checkLength(block, 'VoteBody.block', LIMITS.hashBytes)
  return { type, height, round, block, validRound }
}

export function writeVoteBody(writer: WireWriter, value: VoteBody): void {
  if (value.type !== 'unspecified') writer.uint(8, VOTE_TYPES.indexOf(value.type), 'VoteBody.type', VOTE_TYPES.length)
  if (value.height !== 0) writer.uint(16, value.height, 'VoteBody.height', Number.MAX_SAFE_INTEGER)
  if (value.round !== 0) writer.uint(24, value.round, 'VoteBody.round', 0xffff_ffff)
  if (value.block !== undefined) checkLength(value.block, 'VoteBody.block', LIMITS.hashBytes)
  if (value.block !== undefined) writer.copy(34, value.block, 'VoteBody.block', LIMITS.hashBytes)
  if (value.validRound !== undefined) writer.uint(40, value.validRound, 'VoteBody.validRound', 0xffff_ffff)
}

/** Codec of {@link VoteBody}, at most `LIMITS.voteBytes`. */
export const VoteBody: Codec<VoteBody> = /* @__PURE__ */ messageCodec('VoteBody', LIMITS.voteBytes, readVoteBody, writeVoteBody)

/** A validator's vote. */
export interface SignedVote {
  /** What it says. */
  readonly body?: VoteBody | undefined
  /** The validator's key. */
  readonly validator: Uint8Array
  /** The signature. */
  readonly signature: Uint8Array
}

export function readSignedVote(reader: WireReader): SignedVote {
  let body: VoteBody | undefined
  let validator: Uint8Array = new Uint8Array(0)
  let signature: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        body = reader.nested('SignedVote.body', readVoteBody)
        break
      case 18:
        validator = reader.copy('SignedVote.validator', LIMITS.publicKeyBytes)
        break
      case 26:
        signature = reader.copy('SignedVote.signature', LIMITS.signatureBytes)
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(validator, 'SignedVote.validator', LIMITS.publicKeyBytes)
  checkLength(signature, 'SignedVote.signature', LIMITS.signatureBytes)
  return { body, validator, signature }
}

export function writeSignedVote(writer: WireWriter, value: SignedVote): void {
  if (value.body !== undefined) writer.nested(10, value.body, writeVoteBody)
  checkLength(value.validator, 'SignedVote.validator', LIMITS.publicKeyBytes)
  if (value.validator.length > 0) writer.copy(18, value.validator, 'SignedVote.validator', LIMITS.publicKeyBytes)
  checkLength(value.signature, 'SignedVote.signature', LIMITS.signatureBytes)
  if (value.signature.length > 0) writer.copy(26, value.signature, 'SignedVote.signature', LIMITS.signatureBytes)
}

/** Codec of {@link SignedVote}, at most `LIMITS.voteBytes`. */
export const SignedVote: Codec<SignedVote> = /* @__PURE__ */ messageCodec('SignedVote', LIMITS.voteBytes, readSignedVote, writeSignedVote)

/**
 * What a proposal says. Signed is `neurovoyance/proposal/1`, a zero byte, the length of the chain's id (one byte), the
 * id, and this message, encoded. The block's id follows from the last three fields.
 */
export interface ProposalBody {
  /** Height of the block. */
  readonly height: number
  /** Round in which it is proposed. */
  readonly round: number
  /** The round in which a quorum prevoted for it; absent for a new block. */
  readonly validRound?: number | undefined
  /** SHA-256 of its encoded header. */
  readonly headerHash: Uint8Array
  /** How many parts it has. */
  readonly parts: number
  /** The root over its parts: a tree as in RFC 6962. */
  readonly partsRoot: Uint8Array
}

export function readProposalBody(reader: WireReader): ProposalBody {
  let height: number = 0
  let round: number = 0
  let validRound: number | undefined
  let headerHash: Uint8Array = new Uint8Array(0)
  let parts: number = 0
  let partsRoot: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        height = reader.varint('ProposalBody.height')
        break
      case 16:
        round = reader.uint32('ProposalBody.round')
        break
      case 24:
        validRound = reader.uint32('ProposalBody.validRound')
        break
      case 34:
        headerHash = reader.copy('ProposalBody.headerHash', LIMITS.hashBytes)
        break
      case 40:
        parts = reader.uint32('ProposalBody.parts')
        break
      case 50:
        partsRoot = reader.copy('ProposalBody.partsRoot', LIMITS.hashBytes)
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(headerHash, 'ProposalBody.headerHash', LIMITS.hashBytes)
  checkLength(partsRoot, 'ProposalBody.partsRoot', LIMITS.hashBytes)
  return { height, round, validRound, headerHash, parts, partsRoot }
}

export function writeProposalBody(writer: WireWriter, value: ProposalBody): void {
  if (value.height !== 0) writer.uint(8, value.height, 'ProposalBody.height', Number.MAX_SAFE_INTEGER)
  if (value.round !== 0) writer.uint(16, value.round, 'ProposalBody.round', 0xffff_ffff)
  if (value.validRound !== undefined) writer.uint(24, value.validRound, 'ProposalBody.validRound', 0xffff_ffff)
  checkLength(value.headerHash, 'ProposalBody.headerHash', LIMITS.hashBytes)
  if (value.headerHash.length > 0) writer.copy(34, value.headerHash, 'ProposalBody.headerHash', LIMITS.hashBytes)
  if (value.parts !== 0) writer.uint(40, value.parts, 'ProposalBody.parts', 0xffff_ffff)
  checkLength(value.partsRoot, 'ProposalBody.partsRoot', LIMITS.hashBytes)
  if (value.partsRoot.length > 0) writer.copy(50, value.partsRoot, 'ProposalBody.partsRoot', LIMITS.hashBytes)
}

/** Codec of {@link ProposalBody}, at most `LIMITS.voteBytes`. */
export const ProposalBody: Codec<ProposalBody> = /* @__PURE__ */ messageCodec('ProposalBody', LIMITS.voteBytes, readProposalBody, writeProposalBody)

/** A validator's proposal. */
export interface SignedProposal {
  /** What it says. */
  readonly body?: ProposalBody | undefined
  /** The proposer's key. */
  readonly proposer: Uint8Array
  /** The signature. */
  readonly signature: Uint8Array
}

export function readSignedProposal(reader: WireReader): SignedProposal {
  let body: ProposalBody | undefined
  let proposer: Uint8Array = new Uint8Array(0)
  let signature: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        body = reader.nested('SignedProposal.body', readProposalBody)
        break
      case 18:
        proposer = reader.copy('SignedProposal.proposer', LIMITS.publicKeyBytes)
        break
      case 26:
        signature = reader.copy('SignedProposal.signature', LIMITS.signatureBytes)
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(proposer, 'SignedProposal.proposer', LIMITS.publicKeyBytes)
  checkLength(signature, 'SignedProposal.signature', LIMITS.signatureBytes)
  return { body, proposer, signature }
}

export function writeSignedProposal(writer: WireWriter, value: SignedProposal): void {
  if (value.body !== undefined) writer.nested(10, value.body, writeProposalBody)
  checkLength(value.proposer, 'SignedProposal.proposer', LIMITS.publicKeyBytes)
  if (value.proposer.length > 0) writer.copy(18, value.proposer, 'SignedProposal.proposer', LIMITS.publicKeyBytes)
  checkLength(value.signature, 'SignedProposal.signature', LIMITS.signatureBytes)
  if (value.signature.length > 0) writer.copy(26, value.signature, 'SignedProposal.signature', LIMITS.signatureBytes)
}

/** Codec of {@link SignedProposal}, at most `LIMITS.voteBytes`. */
export const SignedProposal: Codec<SignedProposal> = /* @__PURE__ */ messageCodec('SignedProposal', LIMITS.voteBytes, readSignedProposal, writeSignedProposal)

/** A part of a proposed block. */
export interface BlockPart {
  /** Height of the block. */
  readonly height: number
  /** The root over the block's parts. */
  readonly partsRoot: Uint8Array
  /** Which part this is, from 0. */
  readonly index: number
  /** Its bytes: 65,536, fewer in a block's last part. */
  readonly bytes: Uint8Array
  /** The hashes beside the way from it to the root. */
  readonly proof: readonly Uint8Array[]
}

export function readBlockPart(reader: WireReader): BlockPart {
  let height: number = 0
  let partsRoot: Uint8Array = new Uint8Array(0)
  let index: number = 0
  let bytes: Uint8Array = new Uint8Array(0)
  const proof: Uint8Array[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        height = reader.varint('BlockPart.height')
        break
      case 18:
        partsRoot = reader.copy('BlockPart.partsRoot', LIMITS.hashBytes)
        break
      case 24:
        index = reader.uint32('BlockPart.index')
        break
      case 34:
        bytes = reader.copy('BlockPart.bytes', LIMITS.blockPartBytes)
        break
      case 42:
        reader.room('BlockPart.proof', proof.length, LIMITS.blockPartProof)
        proof.push(reader.copy('BlockPart.proof', LIMITS.hashBytes))
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(partsRoot, 'BlockPart.partsRoot', LIMITS.hashBytes)
  for (const item of proof) checkLength(item, 'BlockPart.proof', LIMITS.hashBytes)
  return { height, partsRoot, index, bytes, proof }
}

export function writeBlockPart(writer: WireWriter, value: BlockPart): void {
  if (value.height !== 0) writer.uint(8, value.height, 'BlockPart.height', Number.MAX_SAFE_INTEGER)
  checkLength(value.partsRoot, 'BlockPart.partsRoot', LIMITS.hashBytes)
  if (value.partsRoot.length > 0) writer.copy(18, value.partsRoot, 'BlockPart.partsRoot', LIMITS.hashBytes)
  if (value.index !== 0) writer.uint(24, value.index, 'BlockPart.index', 0xffff_ffff)
  if (value.bytes.length > 0) writer.copy(34, value.bytes, 'BlockPart.bytes', LIMITS.blockPartBytes)
  for (const item of value.proof) checkLength(item, 'BlockPart.proof', LIMITS.hashBytes)
  writer.items('BlockPart.proof', value.proof.length, LIMITS.blockPartProof)
  for (const item of value.proof) writer.copy(42, item, 'BlockPart.proof', LIMITS.hashBytes)
}

/** Votes of one type, height, round and block that are a quorum together. */
export interface VoteCertificate {
  /** The votes, in the order of the validators. */
  readonly votes: readonly SignedVote[]
}

export function readVoteCertificate(reader: WireReader): VoteCertificate {
  const votes: SignedVote[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        reader.room('VoteCertificate.votes', votes.length, LIMITS.validators)
        votes.push(reader.nested('VoteCertificate.votes', readSignedVote))
        break
      default:
        reader.refuse(tag)
    }
  }
  return { votes }
}

export function writeVoteCertificate(writer: WireWriter, value: VoteCertificate): void {
  writer.items('VoteCertificate.votes', value.votes.length, LIMITS.validators)
  for (const item of value.votes) writer.nested(10, item, writeSignedVote)
}

/** What validators send each other about the height that they decide. Exactly one of the fields is there. */
export interface ConsensusMessage {
  /** A proposal. */
  readonly proposal?: SignedProposal | undefined
  /** A part of a proposed block. */
  readonly part?: BlockPart | undefined
  /** A vote. */
  readonly vote?: SignedVote | undefined
  /** A quorum of votes. */
  readonly certificate?: VoteCertificate | undefined
}

export function readConsensusMessage(reader: WireReader): ConsensusMessage {
  let proposal: SignedProposal | undefined
  let part: BlockPart | undefined
  let vote: SignedVote | undefined
  let certificate: VoteCertificate | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        proposal = reader.nested('ConsensusMessage.proposal', readSignedProposal)
        break
      case 18:
        part = reader.nested('ConsensusMessage.part', readBlockPart)
        break
      case 26:
        vote = reader.nested('ConsensusMessage.vote', readSignedVote)
        break
      case 34:
        certificate = reader.nested('ConsensusMessage.certificate', readVoteCertificate)
        break
      default:
        reader.refuse(tag)
    }
  }
  return { proposal, part, vote, certificate }
}

export function writeConsensusMessage(writer: WireWriter, value: ConsensusMessage): void {
  if (value.proposal !== undefined) writer.nested(10, value.proposal, writeSignedProposal)
  if (value.part !== undefined) writer.nested(18, value.part, writeBlockPart)
  if (value.vote !== undefined) writer.nested(26, value.vote, writeSignedVote)
  if (value.certificate !== undefined) writer.nested(34, value.certificate, writeVoteCertificate)
}

/** Codec of {@link ConsensusMessage}, at most `LIMITS.consensusGossipBytes`. */
export const ConsensusMessage: Codec<ConsensusMessage> = /* @__PURE__ */ messageCodec('ConsensusMessage', LIMITS.consensusGossipBytes, readConsensusMessage, writeConsensusMessage)

/** What a validator has of the height that it decides; who gets it answers with what is missing. */
export interface ConsensusSummary {
  /** The height. */
  readonly height: number
  /** The round; absent between heights. */
  readonly round?: number | undefined
  /** The rounds in which it needs something. */
  readonly rounds: readonly ConsensusRoundSummary[]
  /** The blocks that it has parts of. */
  readonly blocks: readonly ConsensusBlockSummary[]
}

export function readConsensusSummary(reader: WireReader): ConsensusSummary {
  let height: number = 0
  let round: number | undefined
  const rounds: ConsensusRoundSummary[] = []
  const blocks: ConsensusBlockSummary[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        height = reader.varint('ConsensusSummary.height')
        break
      case 16:
        round = reader.uint32('ConsensusSummary.round')
        break
      case 26:
        reader.room('ConsensusSummary.rounds', rounds.length, LIMITS.consensusRounds)
        rounds.push(reader.nested('ConsensusSummary.rounds', readConsensusRoundSummary))
        break
      case 34:
        reader.room('ConsensusSummary.blocks', blocks.length, LIMITS.consensusBlocks)
        blocks.push(reader.nested('ConsensusSummary.blocks', readConsensusBlockSummary))
        break
      default:
        reader.refuse(tag)
    }
  }
  return { height, round, rounds, blocks }
}

export function writeConsensusSummary(writer: WireWriter, value: ConsensusSummary): void {
  if (value.height !== 0) writer.uint(8, value.height, 'ConsensusSummary.height', Number.MAX_SAFE_INTEGER)
  if (value.round !== undefined) writer.uint(16, value.round, 'ConsensusSummary.round', 0xffff_ffff)
  writer.items('ConsensusSummary.rounds', value.rounds.length, LIMITS.consensusRounds)
  for (const item of value.rounds) writer.nested(26, item, writeConsensusRoundSummary)
  writer.items('ConsensusSummary.blocks', value.blocks.length, LIMITS.consensusBlocks)
  for (const item of value.blocks) writer.nested(34, item, writeConsensusBlockSummary)
}

/** Codec of {@link ConsensusSummary}, at most `LIMITS.consensusMessageBytes`. */
export const ConsensusSummary: Codec<ConsensusSummary> = /* @__PURE__ */ messageCodec('ConsensusSummary', LIMITS.consensusMessageBytes, readConsensusSummary, writeConsensusSummary)

/** What a validator has of a round. */
export interface ConsensusRoundSummary {
  /** The round. */
  readonly round: number
  /** Id of the block proposed in it; absent where no proposal is known. */
  readonly proposal?: Uint8Array | undefined
  /** Its prevotes. */
  readonly prevotes?: ConsensusTallySummary | undefined
  /** Its precommits. */
  readonly precommits?: ConsensusTallySummary | undefined
}

export function readConsensusRoundSummary(reader: WireReader): ConsensusRoundSummary {
  let round: number = 0
  let proposal: Uint8Array | undefined
  let prevotes: ConsensusTallySummary | undefined
  let precommits: ConsensusTallySummary | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        round = reader.uint32('ConsensusRoundSummary.round')
        break
      case 18:
        proposal = reader.copy('ConsensusRoundSummary.proposal', LIMITS.hashBytes)
        break
      case 26:
        prevotes = reader.nested('ConsensusRoundSummary.prevotes', readConsensusTallySummary)
        break
      case 34:
        precommits = reader.nested('ConsensusRoundSummary.precommits', readConsensusTallySummary)
        break
      default:
        reader.refuse(tag)
    }
  }
  if (proposal !== undefined) checkLength(proposal, 'ConsensusRoundSummary.proposal', LIMITS.hashBytes)
  return { round, proposal, prevotes, precommits }
}

export function writeConsensusRoundSummary(writer: WireWriter, value: ConsensusRoundSummary): void {
  if (value.round !== 0) writer.uint(8, value.round, 'ConsensusRoundSummary.round', 0xffff_ffff)
  if (value.proposal !== undefined) checkLength(value.proposal, 'ConsensusRoundSummary.proposal', LIMITS.hashBytes)
  if (value.proposal !== undefined) writer.copy(18, value.proposal, 'ConsensusRoundSummary.proposal', LIMITS.hashBytes)
  if (value.prevotes !== undefined) writer.nested(26, value.prevotes, writeConsensusTallySummary)
  if (value.precommits !== undefined) writer.nested(34, value.precommits, writeConsensusTallySummary)
}

/** What a validator has of the votes of one type in a round. */
export interface ConsensusTallySummary {
  /** A bit for each validator that voted, the first in the lowest bit of the first byte. */
  readonly voters: Uint8Array
  /** Whether a quorum voted for no block. */
  readonly nilQuorum: boolean
  /** Blocks that a quorum voted for. */
  readonly quorums: readonly Uint8Array[]
}

export function readConsensusTallySummary(reader: WireReader): ConsensusTallySummary {
  let voters: Uint8Array = new Uint8Array(0)
  let nilQuorum: boolean = false
  const quorums: Uint8Array[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        voters = reader.copy('ConsensusTallySummary.voters', LIMITS.consensusBitBytes)
        break
      case 16:
        nilQuorum = reader.bool('ConsensusTallySummary.nilQuorum')
        break
      case 26:
        reader.room('ConsensusTallySummary.quorums', quorums.length, LIMITS.consensusBlocks)
        quorums.push(reader.copy('ConsensusTallySummary.quorums', LIMITS.hashBytes))
        break
      default:
        reader.refuse(tag)
    }
  }
  for (const item of quorums) checkLength(item, 'ConsensusTallySummary.quorums', LIMITS.hashBytes)
  return { voters, nilQuorum, quorums }
}

export function writeConsensusTallySummary(writer: WireWriter, value: ConsensusTallySummary): void {
  if (value.voters.length > 0) writer.copy(10, value.voters, 'ConsensusTallySummary.voters', LIMITS.consensusBitBytes)
  if (value.nilQuorum) writer.uint(16, value.nilQuorum ? 1 : 0, 'ConsensusTallySummary.nilQuorum', 1)
  for (const item of value.quorums) checkLength(item, 'ConsensusTallySummary.quorums', LIMITS.hashBytes)
  writer.items('ConsensusTallySummary.quorums', value.quorums.length, LIMITS.consensusBlocks)
  for (const item of value.quorums) writer.copy(26, item, 'ConsensusTallySummary.quorums', LIMITS.hashBytes)
}

/** What a validator has of a block. */
export interface ConsensusBlockSummary {
  /** Id of the block. */
  readonly block: Uint8Array
  /** A bit for each part, the first in the lowest bit of the first byte. */
  readonly parts: Uint8Array
}

export function readConsensusBlockSummary(reader: WireReader): ConsensusBlockSummary {
  let block: Uint8Array = new Uint8Array(0)
  let parts: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        block = reader.copy('ConsensusBlockSummary.block', LIMITS.hashBytes)
        break
      case 18:
        parts = reader.copy('ConsensusBlockSummary.parts', LIMITS.consensusBitBytes)
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(block, 'ConsensusBlockSummary.block', LIMITS.hashBytes)
  return { block, parts }
}

export function writeConsensusBlockSummary(writer: WireWriter, value: ConsensusBlockSummary): void {
  checkLength(value.block, 'ConsensusBlockSummary.block', LIMITS.hashBytes)
  if (value.block.length > 0) writer.copy(10, value.block, 'ConsensusBlockSummary.block', LIMITS.hashBytes)
  if (value.parts.length > 0) writer.copy(18, value.parts, 'ConsensusBlockSummary.parts', LIMITS.consensusBitBytes)
}
