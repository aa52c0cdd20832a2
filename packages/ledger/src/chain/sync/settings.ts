/** How blocks are fetched. Times in milliseconds. */
export interface SyncSettings {
  /** A node that is at least so many blocks behind stops consensus and applies blocks itself. */
  farBlocks: number
  /** Blocks asked for at once. */
  rangeBlocks: number
  /** Blocks that were asked for, or have come and are not applied yet. */
  windowBlocks: number
  /** Bytes of blocks that have come and are not applied yet, beyond which none are asked for. */
  windowBytes: number
  /** Blocks that are verified ahead of the one that is applied. */
  aheadBlocks: number
  /** How long a peer has for one answer. */
  requestMs: number
  /** The block after the head is left to consensus for so long before it is fetched. */
  graceMs: number
  /** Consensus is told of a block again where it is not applied after this. */
  refeedMs: number
  /** A peer that failed to answer is asked again after this, doubled each time. */
  retryMs: number
  maxRetryMs: number
}

export const DEFAULT_SYNC_SETTINGS: SyncSettings = Object.freeze({
  farBlocks: 16,
  rangeBlocks: 32,
  windowBlocks: 256,
  windowBytes: 96 * 1024 ** 2,
  aheadBlocks: 8,
  requestMs: 10_000,
  graceMs: 500,
  refeedMs: 2_000,
  retryMs: 500,
  maxRetryMs: 30_000,
})
