import { openLedgerStore } from '../../store/index.js'
import { chainFolder } from '../folder.js'

/**
 * Forgets blocks of a chain whose node has stopped, but for the newest `keepBlocks`: an archive becomes a pruned node.
 * A node that runs with `keepBlocks` does so by itself, a few with each block.
 *
 * @returns the oldest block that is left; `undefined` where there is none
 */
export async function pruneChain(dir: string, keepBlocks: number): Promise<number | undefined> {
  const store = await openLedgerStore({ dir: chainFolder(dir).store })
  try {
    const last = store.blocks.last
    if (last !== undefined) await store.blocks.prune(last - Math.max(1, keepBlocks) + 1)
    return store.blocks.first
  } finally {
    await store.close()
  }
}
