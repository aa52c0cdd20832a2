import type { Changes, StateView } from '../core/state/view.js'
import type { LeafObserver, Proof, StateTree } from '../core/tree/index.js'
import { dropCheckpoint, writeCheckpoint } from './checkpoint.js'
import { type Entry, EntryWriter } from './entries.js'
import { storeError } from './errors.js'
import { encodeHead, type Head } from './head.js'
import { heightIn, KEYS, under } from './keys.js'
import { type StateSnapshot, takeSnapshot } from './state-snapshot.js'
import { changesBack } from './undo.js'
import type { ValueCache } from './value-cache.js'
import type { Database, Write, Writer } from './writer.js'

/** A block's effect on the state, and what else is written in the same atomic batch. */
export interface CommitInit {
  /** One above the state's; any where the store is empty. */
  height: number
  /** The store's from now on: neither the map nor the bytes are changed any more. */
  changes: Changes
  /** Of the block store: receipts, entries of the index. */
  records?: Iterable<Write>
  /**
   * The block is not written before this resolves, such as the word of an engine that it is decided. Where it
   * rejects, the block never is, and the store has to be closed and opened again.
   */
  allowed?: Promise<void>
}

/** A block that was applied. */
export interface Committed {
  readonly height: number
  /** The state's root after the block. */
  readonly root: Uint8Array
  /** Resolves when the block is on the disk. Nothing may be told to anybody before that. */
  readonly durable: Promise<void>
}

export interface StateStoreInit {
  dir: string
  database: Database
  writer: Writer
  tree: StateTree
  cache: ValueCache
  /** `undefined` where the store is empty. */
  head: Head | undefined
  undoBlocks: number
  /** Of the checkpoint that the tree came from, if it did. */
  checkpointHeight: number | undefined
}

/** Below so many keys, building the tree takes no longer than reading it: some 50 ms. */
const CHECKPOINT_KEYS = 16_384

/**
 * The state after the last block: values are read from memory or the database at once, blocks are applied in
 * memory at once and written behind, each in one atomic batch with what takes it back.
 */
export class StateStore implements StateView {
  readonly #init: StateStoreInit
  readonly #undo = new EntryWriter()
  /** Changes that the database does not have yet, oldest first. */
  readonly #unwritten: Changes[] = []
  #head: Head | undefined
  #durable: Head | undefined
  #lastWrite: Promise<void> = Promise.resolve()
  /** The height of the last checkpoint; `undefined` where there is none that the next start could use. */
  #checkpointHeight: number | undefined
  #checkpoint: Promise<void> | undefined

  constructor(init: StateStoreInit) {
    this.#init = init
    this.#head = init.head
    this.#durable = init.head
    this.#checkpointHeight = init.checkpointHeight
  }

  /** The height of the last block applied; `undefined` where there was none. */
  get height(): number | undefined {
    return this.#head?.height
  }

  /** The height of the last block that is on the disk. */
  get durableHeight(): number | undefined {
    return this.#durable?.height
  }

  /** How many keys are present. */
  get size(): number {
    return this.#init.tree.size
  }

  /** Memory of the tree and of the values. */
  get sizeBytes(): number {
    return this.#init.tree.sizeBytes + this.#init.cache.sizeBytes
  }

  /** The root after the last block applied. */
  root(): Uint8Array {
    return this.#init.tree.root()
  }

  /** Shows what is under `key` after the last block applied: see `verifyProof`. */
  prove(key: string): Proof {
    return this.#init.tree.prove(key)
  }

  get(key: string): Uint8Array | undefined {
    const leaf = this.#init.tree.find(key)
    if (leaf === 0) return undefined
    const { cache } = this.#init
    const kept = cache.get(leaf)
    if (kept !== undefined) return kept
    const value = this.#read(key)
    cache.put(leaf, value)
    return value
  }

  /**
   * Applies a block: `get`, `root` and `prove` know it when this returns, the disk when `durable` resolves.
   * Await `room()` before, so that memory does not fill with blocks that wait for a slow disk.
   *
   * @throws StoreError `LEDGER_STORE_WRONG_HEIGHT`; `LEDGER_STORE_FAILED` after a failure
   */
  commit({ height, changes, records = [], allowed }: CommitInit): Committed {
    this.#assertNext(height)
    this.#undo.raw(this.root())
    this.#apply(changes, (key, value) => this.#undo.entry(key, value))
    const head = { height, root: this.root() }
    const undo = this.#undo.take()
    // Before the first block there is no state to go back to.
    const writes = this.#writes(head, changes, this.#head && undo, records)
    this.#head = head
    this.#unwritten.push(changes)
    const durable = this.#init.writer.write(writes, allowed).then(() => {
      this.#unwritten.shift()
      this.#durable = head
    })
    // Who does not wait for a block still gets the failure from `room` and from every later block.
    durable.catch(() => {})
    this.#lastWrite = durable
    this.#checkpointIfDue()
    return { ...head, durable }
  }

  /** Resolves when at most `blocks` (one when left out) are not on the disk yet. */
  async room(blocks = 1): Promise<void> {
    await this.#init.writer.room(blocks)
  }

  /**
   * Goes back to the state after the block of `height`.
   *
   * @throws StoreError `LEDGER_STORE_NO_UNDO` below the blocks that are kept for this
   */
  async rollback(height: number): Promise<void> {
    await this.room(0)
    await this.#checkpoint?.catch(() => {})
    const { database, dir, writer } = this.#init
    const head = this.#head
    if (head === undefined || height >= head.height) return
    const { changes, root, gone } = changesBack(database, head, height)
    const back = { height, root }
    dropCheckpoint(dir)
    this.#checkpointHeight = undefined
    this.#apply(changes)
    this.#head = back
    if (Buffer.compare(this.root(), root) !== 0) {
      writer.fail('the undo records do not fit the state')
      throw storeError(
        'LEDGER_STORE_CORRUPT',
        `The undo records do not lead back to the root of block ${height}.`,
      )
    }
    await writer.write([...[...changes].map(toWrite), ...gone, [KEYS.state, encodeHead(back)]])
    this.#durable = back
  }

  /** The lowest height that `rollback` can go to. */
  async lowestRollback(): Promise<number | undefined> {
    const [first] = await this.#init.database.keys({ ...under('u/'), limit: 1 }).all()
    return first === undefined ? this.height : heightIn(first) - 1
  }

  /** Every key and value in order of the keys' bytes, and the head they belong to, while blocks go on. */
  async snapshot(): Promise<StateSnapshot> {
    await this.room(0)
    return takeSnapshot(this.#init.database)
  }

  /**
   * Keeps the tree in a file, so that the next start need not build it; joins the one that is being written, if
   * there is one. Happens by itself now and then, and when the store is closed.
   */
  checkpoint(): Promise<void> {
    const { dir, tree } = this.#init
    if (this.#checkpoint !== undefined) return this.#checkpoint
    if (this.#head === undefined) return Promise.resolve()
    this.#checkpointHeight = this.#head.height
    this.#checkpoint = writeCheckpoint(dir, tree, this.#head, this.#lastWrite).finally(() => {
      this.#checkpoint = undefined
    })
    return this.#checkpoint
  }

  /** Waits for what is being written. The database is the caller's. */
  async close(): Promise<void> {
    await this.room(0)
    await this.#checkpoint?.catch(() => {})
    const due = this.#checkpointHeight !== this.height && this.size >= CHECKPOINT_KEYS
    if (due) await this.checkpoint().catch(() => {})
  }

  #checkpointIfDue(): void {
    const blocks = this.#head!.height - (this.#checkpointHeight ?? Number.NEGATIVE_INFINITY)
    if (blocks < this.#init.undoBlocks / 2 || this.size < CHECKPOINT_KEYS) return
    // Nothing rests on a checkpoint: where it cannot be written, the next start builds the tree.
    this.checkpoint().catch(() => {})
  }

  #assertNext(height: number): void {
    this.#init.writer.assertSound()
    const expected = this.#head === undefined ? height : this.#head.height + 1
    if (height === expected && Number.isSafeInteger(height) && height >= 0 && height < 2 ** 48) return
    const message = `Block ${height} cannot follow the state of ${this.#head?.height}.`
    throw storeError('LEDGER_STORE_WRONG_HEIGHT', message, { height, expected })
  }

  /** Applies changes to tree and cache; tells what was there before. */
  #apply(changes: Changes, before?: (key: string, value: Uint8Array | undefined) => void): void {
    const { tree, cache } = this.#init
    const old = (leaf: number, key: string): Uint8Array => cache.peek(leaf) ?? this.#read(key)
    const observer: LeafObserver = {
      set(leaf, key, value, created) {
        before?.(key, created ? undefined : old(leaf, key))
        cache.put(leaf, value)
      },
      remove(leaf, key) {
        before?.(key, old(leaf, key))
        cache.drop(leaf)
      },
    }
    try {
      tree.apply(changes, observer)
    } catch (error) {
      // The tree is half of one state and half of another.
      this.#init.writer.fail(error)
      throw error
    }
  }

  *#writes(
    head: Head,
    changes: Changes,
    undo: Uint8Array | undefined,
    records: Iterable<Write>,
  ): Generator<Write> {
    for (const change of changes) yield toWrite(change)
    yield [KEYS.undo(head.height), undo]
    const forgotten = head.height - this.#init.undoBlocks
    if (forgotten >= 0) yield [KEYS.undo(forgotten), undefined]
    yield [KEYS.state, encodeHead(head)]
    yield* records
  }

  /** The newest value under a key that is present, past the cache. */
  #read(key: string): Uint8Array {
    for (let block = this.#unwritten.length - 1; block >= 0; block--) {
      const value = this.#unwritten[block]!.get(key)
      if (value !== undefined) return value
    }
    const value = this.#init.database.getSync(KEYS.value(key))
    if (value !== undefined) return value
    throw storeError('LEDGER_STORE_CORRUPT', `The tree has the key "${key}", the database does not.`, { key })
  }
}

const toWrite = ([key, value]: Entry): Write => [KEYS.value(key), value]
