import { LIMITS } from '@neurovoyance/protocol'

/** What this end of the socket takes, beside `LIMITS`. */
export const ABCI_LIMITS = Object.freeze({
  /** One request: CometBFT's own limit. A genesis may be as large. */
  frameBytes: 100 * 1024 ** 2,
  /** Names and versions that CometBFT says. */
  textBytes: 4 * 1024,
  /** Transactions that wait and that CometBFT offers for one block. */
  offeredTransactions: 8 * LIMITS.blockTransactions,
  /** Validators of a commit or an update: CometBFT's are ours. */
  validators: 2 * LIMITS.validators,
  /** Reports of faults with one block. */
  misbehaviors: 1_024,
  /** The metadata of a snapshot: its manifest. CometBFT's own limit. */
  metadataBytes: 4_000_000,
  /** A snapshot's chunk: CometBFT's own limit. */
  chunkBytes: 16_000_000,
  /** Snapshots that are told of. */
  snapshots: 16,
  /** Events of one transaction or block, and what one says. */
  events: 65_536,
  attributes: 64,
})
