import { type Entry, readEntries } from './entries.js'
import { storeError } from './errors.js'
import type { Head } from './head.js'
import { KEYS } from './keys.js'
import type { Database, Write } from './writer.js'

/** What takes a block back: the root before it, and what its keys had before (`undefined`: they were absent). */
interface Undo {
  readonly root: Uint8Array
  readonly entries: Iterable<Entry>
}

/** The undo record of a block (the root before it, and entries), where it is kept. */
export function undoOf(database: Database, height: number): Undo | undefined {
  const record = database.getSync(KEYS.undo(height))
  return record && { root: record.slice(0, 32), entries: readEntries(record, 32) }
}

/** What leads from one state back to an earlier one. */
export interface WayBack {
  readonly changes: ReadonlyMap<string, Uint8Array | undefined>
  /** The earlier state's. */
  readonly root: Uint8Array
  /** Removals of the records that were followed. */
  readonly gone: readonly Write[]
}

/**
 * From the state after `from` back to the one after the block of `height`, below it.
 *
 * @throws StoreError `LEDGER_STORE_NO_UNDO`
 */
export function changesBack(database: Database, from: Head, height: number): WayBack {
  const changes = new Map<string, Uint8Array | undefined>()
  const gone: Write[] = []
  let root = from.root
  for (let block = from.height; block > height; block--) {
    const undo = undoOf(database, block)
    if (undo === undefined) {
      const message = `Block ${block} cannot be taken back: no undo record is kept.`
      throw storeError('LEDGER_STORE_NO_UNDO', message, { block, height })
    }
    for (const [key, value] of undo.entries) changes.set(key, value)
    gone.push([KEYS.undo(block), undefined])
    root = undo.root
  }
  return { changes, root, gone }
}
