import type { Beginning } from './beginning.js'
import type { Evidence } from './evidence.js'
import type { BlockId, Commit, Message, Unsigned } from './message.js'
import type { Timeout } from './timeout.js'

/** All that the core asks for. Whoever carries effects out keeps their order. */
export type Effect =
  /**
   * Sign, put the signer's state on disk, then the answer into the log and the log on disk; only then answer
   * `persisted`, whereupon the message is counted and leaves. Or answer `refused`.
   */
  | { type: 'persist'; id: string; message: Unsigned }
  /** Tell every validator. */
  | { type: 'broadcast'; message: Message }
  /** Answer `timeout` after `delayMs`. */
  | { type: 'schedule'; timeout: Timeout; delayMs: number }
  /** Make a block; answer `built`. `lastCommit` is absent at the first height. */
  | { type: 'buildProposal'; height: number; round: number; lastCommit: Commit | undefined }
  /** Check a block against the state; answer `checked`. */
  | {
      type: 'checkProposal'
      height: number
      round: number
      blockId: BlockId
      headerHash: string
      bytes: Uint8Array
    }
  /** Store and apply a block; answer `applied`. */
  | {
      type: 'decide'
      height: number
      round: number
      blockId: BlockId
      headerHash: string
      partsRoot: string
      bytes: Uint8Array
      commit: Commit
    }
  /** A height begins: a new log begins with this, and older ones are done with. */
  | { type: 'begin'; beginning: Beginning }
  /** Messages of this height that came too early: feed them again, through the log. */
  | { type: 'redeliver'; messages: readonly Message[] }
  /** A validator broke the rules. */
  | { type: 'evidence'; evidence: Evidence }
