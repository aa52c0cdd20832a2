import type { Logger } from '@neurovoyance/protocol'
import type { Mempool } from '../../core/mempool/mempool.js'
import type { StateStore } from '../../store/state-store.js'
import { abciError } from '../errors.js'
import type { Executions, Executor } from './execution.js'
import type { Keeper, LedgerHead } from './keeper.js'
import type { Restoration } from './restoration.js'
import type { SnapshotShelf } from './snapshot-shelf.js'

/** What the answers to CometBFT are made from. */
export interface Ledger extends Executor {
  readonly keeper: Keeper
  /** The state after the newest block. */
  readonly state: StateStore
  readonly executions: Executions
  readonly pool: Mempool
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
