import type { Commit } from '@neurovoyance/protocol'
import type { Vote } from '../../consensus/core/message.js'
import type { ChainHead } from '../../core/block/assemble.js'
import type { OpenBlock } from '../../core/block/check.js'

/** A decided block that came from another node: its commit holds, and so do the signatures of its transactions. */
export interface DecidedBlock {
  readonly height: number
  /** 32 bytes. */
  readonly id: Uint8Array
  /** As it travelled. */
  readonly bytes: Uint8Array
  readonly open: OpenBlock
  /** The header's hash, the root over its parts, in hexadecimal, and their number: what its id is made from. */
  readonly headerHash: string
  readonly partsRoot: string
  readonly parts: number
  readonly commit: Commit
  /** The commit as it travelled. */
  readonly commitBytes: Uint8Array
  /** The same, as consensus counts them. */
  readonly precommits: readonly Vote[]
}

/** The chain of this node, as block sync needs it. */
export interface SyncChain {
  /** The chain up to the last applied block. */
  head(): ChainHead
  /** Tells after each block that was applied, whoever decided it. Returns what stops that. */
  onApplied(listener: () => void): () => void
  /** Tells consensus of a decided block; it is applied as if consensus had seen the votes. */
  feed(block: DecidedBlock): void
  /** Stops consensus: blocks come by `apply` until `resume`. Resolves when nothing is being applied any more. */
  pause(): Promise<void>
  /**
   * Checks that a block follows the head, stores and applies it; resolves when the next one may come. Its signatures
   * are not checked again.
   *
   * @throws LedgerError `LEDGER_BAD_BLOCK` where it does not follow; nothing has happened then
   */
  apply(block: DecidedBlock): Promise<void>
  /** Starts consensus again, after the head. */
  resume(): Promise<void>
}
