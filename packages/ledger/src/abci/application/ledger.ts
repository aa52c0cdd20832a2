import type { Logger } from '@neurovoyance/protocol'
import type { Machine } from '../../core/machine/machine.js'
import type { Mempool } from '../../core/mempool/mempool.js'
import type { StateStore } from '../../store/state-store.js'
import { abciError } from '../errors.js'
import type { Executions } from './execution.js'
import type { Keeper, LedgerHead } from './keeper.js'
import type { Openings } from './openings.js'
import type { Restoration } from './restoration.js'
import type { SnapshotShelf } from './snapshot-shelf.js'

/** What the answers to CometBFT are made from. */
export interface Ledger {
  readonly machine: Machine
  readonly keeper: Keeper
  /** The state after the newest block. */
  readonly state: StateStore
  readonly openings: Openings
  readonly executions: Executions
  readonly pool: Mempool
  /** Signatures within actions and evidence that needed the slow verifier, so far. */
  readonly slow: { readonly count: number }
  readonly shelf: SnapshotShelf
  readonly restoration: Restoration
  /** Blocks that CometBFT keeps; all when absent. */
  readonly keepBlocks: number | undefined
  readonly logger: Logger
}

/**
 * The last committed block.
 *
 * @throws AbciError `LEDGER_ABCI_OUT_OF_ORDER` before the genesis
 */
export function headOf({ keeper }: Ledger): LedgerHead {
  if (keeper.head !== undefined) return keeper.head
  throw abciError('LEDGER_ABCI_OUT_OF_ORDER', 'InitChain or a snapshot has to come first')
}

/**
 * The last committed block, which one of `height` follows.
 *
 * @throws AbciError `LEDGER_ABCI_OUT_OF_ORDER`
 */
export function headBefore(ledger: Ledger, height: number): LedgerHead {
  const head = headOf(ledger)
  if (height === head.height + 1) return head
  throw abciError('LEDGER_ABCI_OUT_OF_ORDER', `block ${height} does not follow block ${head.height}`, {
    height,
    last: head.height,
  })
}
