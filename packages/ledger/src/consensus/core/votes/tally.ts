import { type BlockId, sameVote, type Vote } from '../message.js'
import type { Rules } from '../rules.js'
import type { ValidatorSet } from '../validators.js'

/** Votes for one block. */
interface Support {
  power: bigint
  /** By the validator's index. */
  votes: (Vote | undefined)[]
}

/** The votes of one type in one round. */
export interface Tally {
  /** The first vote of each validator, by index. */
  readonly first: (Vote | undefined)[]
  /** Validators that voted twice: their second vote counts for its block, further ones for nothing. */
  readonly twice: Set<number>
  readonly support: Map<BlockId, Support>
  /** Power of everyone who voted, for whatever. */
  power: bigint
  /** Blocks (or `NIL`) that a quorum voted for; with sound rules and enough honest power at most one. */
  readonly quorums: BlockId[]
}

/** What became of a vote. */
export type Admission = { kept: false } | { kept: true; conflict: Vote | undefined }

const DROPPED: Admission = { kept: false }
const KEPT: Admission = { kept: true, conflict: undefined }

/** No votes yet. */
export function emptyTally(size: number): Tally {
  return {
    first: new Array<Vote | undefined>(size).fill(undefined),
    twice: new Set(),
    support: new Map(),
    power: 0n,
    quorums: [],
  }
}

/** Counts a vote of the validator at `index`, and says with which other vote of his it conflicts. */
export function count(tally: Tally, index: number, vote: Vote, set: ValidatorSet, rules: Rules): Admission {
  const earlier = tally.first[index]
  if (earlier === undefined) {
    tally.first[index] = vote
    tally.power += set.validators[index]!.power
    supportBlock(tally, index, vote, set, rules)
    return KEPT
  }
  if (sameVote(earlier, vote) || tally.twice.has(index)) return DROPPED
  tally.twice.add(index)
  supportBlock(tally, index, vote, set, rules)
  return { kept: true, conflict: earlier }
}

/** Counts a vote for its block whatever its sender voted before: it is one of a certificate's. */
export function supportBlock(tally: Tally, index: number, vote: Vote, set: ValidatorSet, rules: Rules): void {
  const { blockId } = vote
  let support = tally.support.get(blockId)
  if (support === undefined) {
    support = { power: 0n, votes: new Array<Vote | undefined>(tally.first.length).fill(undefined) }
    tally.support.set(blockId, support)
  }
  if (support.votes[index] !== undefined) return
  support.votes[index] = vote
  support.power += set.validators[index]!.power
  if (!tally.quorums.includes(blockId) && rules.isQuorum(support.power, set.totalPower))
    tally.quorums.push(blockId)
}

/** Whether a quorum voted for the block (or `NIL`). */
export function hasQuorum(tally: Tally | undefined, blockId: BlockId): boolean {
  return tally?.quorums.includes(blockId) ?? false
}

/** The votes for a block, in the order of the validators. */
export function votesFor(tally: Tally, blockId: BlockId): Vote[] {
  return tally.support.get(blockId)?.votes.filter(vote => vote !== undefined) ?? []
}
