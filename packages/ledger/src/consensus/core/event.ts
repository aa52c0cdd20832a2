import type { Message, Vote } from './message.js'
import type { Signed } from './signer.js'
import type { Timeout } from './timeout.js'
import type { ValidatorUpdate } from './validators.js'

/** All that the core learns; a log of these gives its state again. */
export type ConsensusEvent =
  /** A message whose signatures are verified: the core does no such work, so that it can be batched and cached. */
  | Message
  | { type: 'timeout'; timeout: Timeout }
  /** Transactions wait to be put into a block. */
  | { type: 'transactions' }
  /** Answers `buildProposal`. */
  | { type: 'built'; height: number; round: number; headerHash: string; bytes: Uint8Array }
  /** Answers `checkProposal`. */
  | { type: 'checked'; height: number; blockId: string; valid: boolean; timely: boolean }
  /** Answers `persist`: the signature is on disk, in the signer's state and in the log. */
  | { type: 'persisted'; id: string; signature: Uint8Array }
  /** Answers `persist`: the signer has signed something else here, or later. */
  | { type: 'refused'; id: string }
  /** Answers `decide`. `wanted`: the next block is due at once, not only when the heartbeat is. */
  | { type: 'applied'; height: number; updates: readonly ValidatorUpdate[]; wanted: boolean }
  /** A decided block of this height from someone who has it, with its commit's precommits, verified. */
  | { type: 'synced'; headerHash: string; bytes: Uint8Array; precommits: readonly Vote[] }
  /** After a replay: what the signer signed last, which the log may have lost. */
  | { type: 'restored'; signed: Signed }
