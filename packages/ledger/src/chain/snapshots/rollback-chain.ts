import { openLedgerStore } from '../../store/index.js'
import { chainError } from '../errors.js'
import { chainFolder } from '../folder.js'
import { readHead } from '../record/head.js'

/** What is taken back. */
export interface RollbackChainInit {
  /** The folder of a chain whose node has stopped. */
  dir: string
  /**
   * Whether the block itself goes too. When left out it stays, and the node applies it again as it starts: for a state
   * that other software has spoilt. Without it, the node asks others for the block.
   */
  withBlock?: boolean
}

/**
 * Takes the last block back: its effect on the state, and the block where that is asked for. What the validator signed
 * is not touched: its signer never goes back, so it says nothing at heights at which it has spoken, and waits for the
 * others' block. A validator that is alone has to keep its block.
 *
 * @returns the height that the state has now
 * @throws ChainError `LEDGER_CHAIN_INCOMPLETE` where there is nothing to take back
 * @throws StoreError `LEDGER_STORE_IN_USE`, `LEDGER_STORE_NO_UNDO`
 */
export async function rollbackChain({ dir, withBlock = false }: RollbackChainInit): Promise<number> {
  const store = await openLedgerStore({ dir: chainFolder(dir).store })
  try {
    const height = store.state.height ?? 0
    if (height === 0) throw chainError('LEDGER_CHAIN_INCOMPLETE', 'there is no block to take back')
    // the chain goes on from the head before: without one, it could not
    readHead(store, height - 1)
    await store.state.rollback(height - 1)
    if (withBlock) await store.blocks.truncate(height - 1)
    return height - 1
  } finally {
    await store.close()
  }
}
