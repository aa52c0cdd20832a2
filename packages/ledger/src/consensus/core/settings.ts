import { type Rules, SOUND_RULES } from './rules.js'

/** How long each step waits. A step of round r waits `base + r × increase`. */
export interface Timeouts {
  proposeMs: number
  proposeIncreaseMs: number
  prevoteMs: number
  prevoteIncreaseMs: number
  precommitMs: number
  precommitIncreaseMs: number
  /** Between a decision and the next height, for precommits that are still on their way. */
  commitMs: number
  /** Whether the next height begins at once where every validator has precommitted. */
  skipCommitWhenAllVoted: boolean
  /** The longest time without a block, however little there is to put into one. */
  heartbeatMs: number
}

/** Most that is kept. Whatever is dropped for a limit comes again by the exchange (see `answer`). */
export interface Bounds {
  /** Bytes of a part; the last of a block may be shorter. */
  partBytes: number
  /** Parts of a block. */
  parts: number
  /** Parts of blocks whose proposal is not here yet, of this height and of the next. */
  orphanParts: number
  /** Rounds behind the present one of which votes are kept. */
  pastRounds: number
  /** Older rounds that are kept because a quorum prevoted for a block there. */
  pastQuorums: number
  /** Votes of one validator for rounds beyond the next one, the latest of them. */
  futureVotes: number
  /** Votes of one validator for the next height. */
  nextHeightVotes: number
}

/** What a validator's core runs by. */
export interface Settings {
  timeouts: Timeouts
  bounds: Bounds
  /** `SOUND_RULES`; simulations break one. */
  rules: Rules
}

/** Bytes of a part of a block: a block's id is made of its parts. */
export const PART_BYTES = 65_536

/** Settings for a community: a block a second, rounds that last a few seconds when something is wrong. */
export const DEFAULT_SETTINGS: Settings = Object.freeze({
  timeouts: Object.freeze({
    proposeMs: 2_000,
    proposeIncreaseMs: 500,
    prevoteMs: 1_000,
    prevoteIncreaseMs: 500,
    precommitMs: 1_000,
    precommitIncreaseMs: 500,
    commitMs: 500,
    skipCommitWhenAllVoted: true,
    heartbeatMs: 60_000,
  }),
  bounds: Object.freeze({
    partBytes: PART_BYTES,
    parts: 128,
    orphanParts: 128,
    pastRounds: 16,
    pastQuorums: 4,
    futureVotes: 4,
    nextHeightVotes: 4,
  }),
  rules: SOUND_RULES,
})
