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
