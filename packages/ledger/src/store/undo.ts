import { type Entry, readEntries } from './entries.js'

/** What takes a block back: the root before it, and what its keys had before (`undefined`: they were absent). */
export interface Undo {
  readonly root: Uint8Array
  readonly entries: Iterable<Entry>
}

/** Reads an undo record: the root before, and entries. */
export function readUndo(record: Uint8Array): Undo {
  return { root: record.slice(0, 32), entries: readEntries(record, 32) }
}
