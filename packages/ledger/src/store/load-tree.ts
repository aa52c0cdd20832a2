import type { Changes } from '../core/state/view.js'
import { createStateTree, type StateTree } from '../core/tree/index.js'
import { readCheckpoint } from './checkpoint.js'
import { storeError } from './errors.js'
import type { Head } from './head.js'
import { KEYS, under } from './keys.js'
import { nativeHasher } from './native-hasher.js'
import { undoOf } from './undo.js'
import type { ValueCache } from './value-cache.js'
import type { Database } from './writer.js'

export interface LoadTreeInit {
  dir: string
  database: Database
  cache: ValueCache
  /** What the database has: the tree's root must be this one's. */
  head: Head
}

/** The tree, and the height of the checkpoint that it came from. */
export interface LoadedTree {
  tree: StateTree
  checkpointHeight: number | undefined
}

/**
 * The tree over the values of the database: from a checkpoint and what has changed since, or else from all values
 * (some 5 s for a million).
 *
 * @throws StoreError `LEDGER_STORE_CORRUPT` where the values do not have the root that was written
 */
export async function loadTree({ dir, database, cache, head }: LoadTreeInit): Promise<LoadedTree> {
  const checkpoint = readCheckpoint(dir)
  const since = checkpoint && changesSince(database, checkpoint.head.height, head.height)
  if (checkpoint !== undefined && since !== undefined) {
    checkpoint.tree.apply(since)
    if (hasRoot(checkpoint.tree, head)) {
      return { tree: checkpoint.tree, checkpointHeight: checkpoint.head.height }
    }
  }
  const tree = await rebuilt(database, cache)
  if (hasRoot(tree, head)) return { tree, checkpointHeight: undefined }
  throw storeError('LEDGER_STORE_CORRUPT', 'The values of the state do not have the root that was written.', {
    height: head.height,
  })
}

const hasRoot = (tree: StateTree, head: Head): boolean => Buffer.compare(tree.root(), head.root) === 0

/** The values of now under all keys that blocks after `from` changed; `undefined` where not all are known. */
function changesSince(database: Database, from: number, to: number): Changes | undefined {
  if (from > to) return undefined
  const changes = new Map<string, Uint8Array | undefined>()
  for (let height = from + 1; height <= to; height++) {
    const undo = undoOf(database, height)
    if (undo === undefined) return undefined
    for (const [key] of undo.entries) {
      if (!changes.has(key)) changes.set(key, database.getSync(KEYS.value(key)))
    }
  }
  return changes
}

/** Keys that go into the tree at once: fewer hash more nodes twice, more take more memory. */
const REBUILD_ITEMS = 2 ** 17

async function rebuilt(database: Database, cache: ValueCache): Promise<StateTree> {
  const tree = createStateTree({ hasher: nativeHasher })
  const iterator = database.iterator({ ...under('s/'), highWaterMarkBytes: 2 ** 20 })
  let changes = new Map<string, Uint8Array>()
  const apply = (): void => {
    tree.apply(changes, { set: (leaf, _, value) => cache.put(leaf, value), remove() {} })
    changes = new Map()
  }
  for (;;) {
    const entries = await iterator.nextv(4096)
    for (const [key, value] of entries) changes.set(key.slice(2), value)
    if (changes.size >= REBUILD_ITEMS || entries.length === 0) apply()
    if (entries.length === 0) break
  }
  await iterator.close()
  return tree
}
