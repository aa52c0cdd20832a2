/** SHA-256 of a block (see `blockIdOf`) in hexadecimal; `NIL` in votes for no block. */
export type BlockId = string

/** What a vote for no block names. */
export const NIL: BlockId = ''

/** A validator's address in hexadecimal; the core only compares it. */
export type ValidatorId = string

/** The two rounds of voting. */
export type VoteType = 'prevote' | 'precommit'

/** A proposer's word that a block is his for a round; its bytes follow in parts. */
export interface Proposal {
  height: number
  round: number
  /** The round in which a quorum prevoted for the block, −1 where it is new. */
  validRound: number
  /** `blockIdOf(headerHash, total, partsRoot)`. */
  blockId: BlockId
  /** SHA-256 of the encoded header, in hexadecimal. */
  headerHash: string
  /** The root over the block's parts, in hexadecimal. */
  partsRoot: string
  /** How many parts the block has. */
  total: number
  proposer: ValidatorId
  signature: Uint8Array
}

/** One part of a block's bytes, with its proof under the parts' root. */
export interface Part {
  height: number
  partsRoot: string
  index: number
  bytes: Uint8Array
  proof: readonly Uint8Array[]
}

/** A validator's signed vote. */
export interface Vote {
  type: VoteType
  height: number
  round: number
  /** `NIL` for no block. */
  blockId: BlockId
  /**
   * Prevotes for a block: the latest round in which their sender knows a quorum of prevotes for it, −1 for
   * none; it makes a forgotten lock provable. −1 in every other vote.
   */
  validRound: number
  validator: ValidatorId
  signature: Uint8Array
}

/** A vote or proposal that is still to be signed. */
export type Unsigned =
  | ({ kind: 'vote' } & Omit<Vote, 'signature'>)
  | ({ kind: 'proposal' } & Omit<Proposal, 'signature'>)

/** What validators tell each other. Whoever feeds it to the core has verified the signatures. */
export type Message =
  | { type: 'proposal'; proposal: Proposal }
  | { type: 'part'; part: Part }
  | { type: 'vote'; vote: Vote }
  /** Votes of one type, height, round and block that are a quorum together. */
  | { type: 'certificate'; votes: readonly Vote[] }

/** The precommits that decided a block, in the order of the validator set. */
export interface Commit {
  height: number
  round: number
  blockId: BlockId
  signatures: readonly { validator: ValidatorId; signature: Uint8Array }[]
}

/** The commit that these precommits for one block are. */
export function commitOf(votes: readonly Vote[]): Commit {
  const { height, round, blockId } = votes[0]!
  return {
    height,
    round,
    blockId,
    signatures: votes.map(({ validator, signature }) => ({ validator, signature })),
  }
}

/** The precommits that a commit stands for. */
export function votesOf({ height, round, blockId, signatures }: Commit): Vote[] {
  return signatures.map(({ validator, signature }) => ({
    type: 'precommit',
    height,
    round,
    blockId,
    validRound: -1,
    validator,
    signature,
  }))
}

/** Whether two votes say the same, whatever their signatures. */
export function sameVote(a: Vote, b: Vote): boolean {
  return a.blockId === b.blockId && a.validRound === b.validRound
}
