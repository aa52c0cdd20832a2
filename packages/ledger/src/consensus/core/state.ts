import type { Candidate } from './blocks/candidate.js'
import type { Evidence } from './evidence.js'
import type { BlockId, Message, Part, Proposal, Unsigned, ValidatorId, Vote } from './message.js'
import type { Lock } from './rules.js'
import type { Settings } from './settings.js'
import type { Signed } from './signer.js'
import type { Timeout } from './timeout.js'
import type { ValidatorSet } from './validators.js'
import type { Rounds } from './votes/rounds.js'

/** Where in a round a validator is (Algorithm 1, line 3); `new-height` before the first, `commit` when decided. */
export type Step = 'new-height' | 'propose' | 'prevote' | 'precommit' | 'commit'

/**
 * What a validator knows of the height that is being decided. `step` owns it: it changes it in place for
 * speed, so a state that was given to `step` is not used again. Names of the paper in brackets.
 */
export interface ConsensusState {
  readonly self: ValidatorId | undefined
  readonly settings: Settings
  /** [h_p] */
  readonly height: number
  /** [round_p]; −1 between heights. */
  round: number
  /** [step_p] */
  step: Step
  readonly validators: ValidatorSet
  readonly nextValidators: ValidatorSet
  readonly lastValidators: ValidatorSet | undefined
  /** Proposers of the rounds so far, and the rotation after them. */
  readonly turn: { set: ValidatorSet; readonly proposers: ValidatorId[] }
  /** Whether the pause after the last decision is over. */
  rested: boolean
  /** Whether a block is due: there are transactions, or the heartbeat is. */
  wanted: boolean
  /** [lockedRound_p, lockedValue_p] */
  lock: Lock
  /** [validRound_p, validValue_p] */
  valid: Lock
  readonly rounds: Rounds
  /** Proposed blocks by id. */
  readonly candidates: Map<BlockId, Candidate>
  /** Parts that came before their proposal. */
  orphans: Part[]
  /** The round for which the application builds a block. */
  building: number | undefined
  /** Messages that wait for `persisted`, by position. */
  readonly unsaid: Map<string, Unsigned>
  /** Messages that were said at this height, by position. */
  readonly own: Map<string, Message>
  /** What the signer signed last, while this height or a later one may need it. */
  remembered: Signed | undefined
  /** Where a quorum of precommits for a block was seen. */
  commit: Lock | undefined
  /** [decision_p ≠ nil] */
  decided: boolean
  /** Timeouts that run. */
  readonly timers: Map<string, Timeout>
  /** Precommits for the block before, by validator. */
  readonly lastPrecommits: Map<ValidatorId, Vote>
  /** Votes of the height before, for evidence against their senders. */
  previous: Rounds | undefined
  /** Messages for the next height. */
  readonly early: {
    proposal: Proposal | undefined
    readonly parts: Part[]
    readonly votes: Map<ValidatorId, Vote[]>
  }
  /** Evidence that was given at this height, and of the height before, by height, validator and type. */
  readonly accused: Map<string, Evidence>
}
