import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode } from '@neurovoyance/protocol'
import { ClassicLevel } from 'classic-level'
import { createStateTree } from '../core/tree/index.js'
import { BlockStore } from './block-store.js'
import { storeError } from './errors.js'
import { decodeHead, type Head } from './head.js'
import { heights, KEYS } from './keys.js'
import { loadTree } from './load-tree.js'
import { nativeHasher } from './native-hasher.js'
import { dropImport, type ImportInit, importSnapshot } from './snapshot/import.js'
import { StateStore } from './state-store.js'
import { ValueCache } from './value-cache.js'
import { type Database, type Write, Writer } from './writer.js'

/** How a ledger's store is opened. */
export interface LedgerStoreInit {
  /** A folder of its own; made where it is absent. One process at a time has it. */
  dir: string
  /** How many blocks can be taken back; 512 when left out. */
  undoBlocks?: number
  /** Memory for values; 256 MiB when left out, taken as it is needed. */
  cacheBytes?: number
  /** How many blocks are kept, at least 16; all (an archive) when left out. */
  keepBlocks?: number
  /** Fills the store from a snapshot; it must be empty. */
  snapshot?: ImportInit
}

/** Everything that a node keeps of its ledger. */
export interface LedgerStore {
  readonly state: StateStore
  readonly blocks: BlockStore
  /** What a `recordWrite` put beside the state. */
  record(name: string): Uint8Array | undefined
  /** Writes records; resolves when they are on the disk. */
  writeRecords(writes: Iterable<Write>): Promise<void>
  /** Waits for what is being written, keeps the tree for the next start, and lets go of the folder. */
  close(): Promise<void>
}

/** Puts a value beside the state, in the batch of a block (`CommitInit.records`) or in one of its own. */
export const recordWrite = (name: string, value: Uint8Array | undefined): Write => [KEYS.record(name), value]

const MIB = 2 ** 20
const LEAST_KEPT_BLOCKS = 16

/**
 * Opens a store as its last durable block left it.
 *
 * @throws StoreError `LEDGER_STORE_IN_USE`, `LEDGER_STORE_CORRUPT`; with a snapshot also
 * `LEDGER_STORE_NOT_EMPTY`, `LEDGER_SNAPSHOT_INVALID`
 */
export async function openLedgerStore(init: LedgerStoreInit): Promise<LedgerStore> {
  const { dir, undoBlocks = 512, cacheBytes = 256 * MIB, keepBlocks, snapshot } = init
  const database = await openDatabase(dir)
  try {
    await dropImport(database)
    const writer = new Writer(database)
    const cache = new ValueCache(cacheBytes)
    const { head, ...loaded } = await loadState(database, cache, dir, snapshot)
    if (head !== undefined) await database.clear(heights('u/', 0, Math.max(0, head.height - undoBlocks + 1)))
    const state = new StateStore({ dir, database, writer, cache, head, undoBlocks, ...loaded })
    const blocks = await BlockStore.open({
      database,
      writer,
      keepBlocks: keepBlocks && Math.max(keepBlocks, LEAST_KEPT_BLOCKS),
    })
    return {
      state,
      blocks,
      record: name => database.getSync(KEYS.record(name)),
      writeRecords: writes => writer.write(writes),
      async close() {
        await state.close().finally(() => database.close())
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}

async function loadState(
  database: Database,
  cache: ValueCache,
  dir: string,
  snapshot: ImportInit | undefined,
) {
  const bytes = database.getSync(KEYS.state)
  if (bytes !== undefined) {
    if (snapshot !== undefined)
      throw storeError('LEDGER_STORE_NOT_EMPTY', 'A snapshot goes into an empty store only.', { dir })
    const head: Head = decodeHead(bytes)
    return { head, ...(await loadTree({ dir, database, cache, head })) }
  }
  const tree = createStateTree({ hasher: nativeHasher })
  const head = snapshot && (await importSnapshot(database, tree, snapshot))
  return { head, tree, checkpointHeight: undefined }
}

/** The database gives `Buffer`s, whose `slice` is another than a `Uint8Array`'s. */
const bytes = {
  name: 'bytes',
  format: 'view',
  encode: (value: Uint8Array) => value,
  decode: (value: Uint8Array) => new Uint8Array(value.buffer, value.byteOffset, value.length),
} as const

async function openDatabase(dir: string): Promise<Database> {
  mkdirSync(dir, { recursive: true })
  const database: Database = new ClassicLevel(join(dir, 'level'), {
    keyEncoding: 'utf8',
    valueEncoding: bytes,
    writeBufferSize: 32 * MIB,
    cacheSize: 32 * MIB,
    maxFileSize: 8 * MIB,
  })
  try {
    await database.open()
    return database
  } catch (error) {
    if (errorCode((error as Error).cause) !== 'LEVEL_LOCKED') throw error
    throw storeError('LEDGER_STORE_IN_USE', `Another process uses ${dir}: stop it first.`, { dir }, error)
  }
}
