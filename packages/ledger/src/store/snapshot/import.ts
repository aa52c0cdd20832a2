import { hash } from 'node:crypto'
import { sameBytes } from '../../core/block/merkle.js'
import type { Changes, StateView } from '../../core/state/view.js'
import type { StateTree } from '../../core/tree/index.js'
import { type Entry, readEntries } from '../entries.js'
import { encodeHead, type Head } from '../head.js'
import { KEYS, under } from '../keys.js'
import type { Database, Write } from '../writer.js'
import type { SnapshotSource } from './export.js'
import { invalid } from './manifest.js'

export interface ImportInit {
  source: SnapshotSource
  /** The root that the state must have: from a header that a light client verified. */
  root: Uint8Array
  /** What else is written with the state, in one batch: what its next block needs to know. */
  records?: Iterable<Write>
  /** Makes another state of it in the same batch: that of a chain which goes on from this one. */
  becomes?: (state: StateView) => OtherState
  signal?: AbortSignal
  onProgress?: (progress: { chunks: number; totalChunks: number }) => void
}

/** What becomes of a state that was imported. */
export interface OtherState {
  /** The height that the store has then. */
  readonly height: number
  readonly changes: Changes
  readonly records?: Iterable<Write>
}

/** Entries that go into the tree at once: more hash fewer nodes twice, and take more memory. */
const BATCH_ITEMS = 2 ** 16

/**
 * Fills an empty database and tree from a snapshot. Every chunk is checked against the manifest, and the whole
 * against `root`; where that fails, or the process ends before, the database is emptied (the latter when it is
 * opened again).
 *
 * @throws StoreError `LEDGER_SNAPSHOT_INVALID`
 */
export async function importSnapshot(database: Database, tree: StateTree, init: ImportInit): Promise<Head> {
  const { source, root, records = [], signal, onProgress } = init
  const { height, chunks } = source.manifest
  if (!sameBytes(source.manifest.root, root)) throw invalid('it is of another state than the chain has')
  try {
    let batch = new Map<string, Uint8Array>()
    const apply = async (): Promise<void> => {
      tree.apply(batch)
      const writes = [...batch].map(([key, value]) => ({ type: 'put', key: KEYS.value(key), value }) as const)
      await database.batch(writes, { sync: true })
      batch = new Map()
    }
    let last: string | undefined
    for (const [index, chunk] of chunks.entries()) {
      signal?.throwIfAborted()
      const bytes = await source.chunk(index, signal)
      if (bytes.length !== chunk.sizeBytes || !sameBytes(hash('sha256', bytes, 'buffer'), chunk.hash)) {
        throw invalid(`chunk ${index} is not the one that its manifest names`)
      }
      for (const [key, value] of entriesOf(bytes, index)) {
        if (last !== undefined && Buffer.compare(Buffer.from(last), Buffer.from(key)) >= 0) {
          throw invalid(`keys are out of order in chunk ${index}`)
        }
        batch.set(key, value)
        last = key
      }
      if (batch.size >= BATCH_ITEMS || index === chunks.length - 1) await apply()
      onProgress?.({ chunks: index + 1, totalChunks: chunks.length })
    }
    if (!sameBytes(tree.root(), root)) throw invalid('its entries do not have the root that it names')
    const other = init.becomes?.({ get: key => database.getSync(KEYS.value(key)) })
    if (other !== undefined) tree.apply(other.changes)
    const head = { height: other?.height ?? height, root: tree.root().slice() }
    const changes = [...(other?.changes ?? [])].map(([key, value]) => [KEYS.value(key), value] as const)
    const ending = database.batch().put(KEYS.state, encodeHead(head))
    for (const [key, value] of [...changes, ...records, ...(other?.records ?? [])]) {
      if (value === undefined) ending.del(key)
      else ending.put(key, value)
    }
    await ending.write({ sync: true })
    return head
  } catch (error) {
    await dropImport(database)
    throw error
  }
}

/** Empties a state that has no head: of an import that did not come to its end. */
export async function dropImport(database: Database): Promise<void> {
  if (database.getSync(KEYS.state) === undefined) await database.clear(under('s/'))
}

function* entriesOf(bytes: Uint8Array, chunk: number): Generator<[key: string, value: Uint8Array]> {
  for (const [key, value] of wholeEntries(bytes, chunk)) {
    if (value === undefined) throw invalid(`a key in chunk ${chunk} has no value`)
    yield [key, value]
  }
}

function wholeEntries(bytes: Uint8Array, chunk: number): Entry[] {
  try {
    return [...readEntries(bytes)]
  } catch {
    throw invalid(`chunk ${chunk} does not hold whole entries`)
  }
}
