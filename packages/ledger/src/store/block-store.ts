import { EntryWriter, readEntries } from './entries.js'
import { storeError } from './errors.js'
import { heightIn, KEYS, under } from './keys.js'
import type { Database, Write, Writer } from './writer.js'

/** A decided block as it travelled, and the signatures that decided it. */
export interface StoredBlock {
  height: number
  /** 32 bytes. */
  id: Uint8Array
  block: Uint8Array
  commit: Uint8Array
}

/** What applying a block gave, for the index. */
export interface BlockResults {
  /** Receipts and events, encoded. */
  results: Uint8Array
  /** The block's header and what else a light block has of it, encoded. */
  light: Uint8Array
  /** In the block's order: 32 bytes of id, and whom the transaction concerns, as text without slashes. */
  transactions: readonly { id: Uint8Array; accounts: readonly string[] }[]
}

/** What shows a block without what is in it. */
export interface LightRecord {
  light: Uint8Array
  commit: Uint8Array
}

/** Where a transaction is. */
export interface TransactionPlace {
  height: number
  /** Its place in the block, from 0. */
  index: number
}

/** One line of an account's history. */
export interface AccountEntry extends TransactionPlace {
  id: Uint8Array
}

export interface BlockStoreInit {
  database: Database
  writer: Writer
  /** Blocks below the newest so many are forgotten; all are kept (an archive) when left out. */
  keepBlocks: number | undefined
}

/** At most so many blocks are forgotten with each that comes, so that a change of `keepBlocks` stalls nothing. */
const PRUNED_PER_BLOCK = 4

/** Blocks, what decided them, what came of them, and transactions by id and by account. */
export class BlockStore {
  readonly #database: Database
  readonly #writer: Writer
  readonly #keepBlocks: number | undefined
  #first: number | undefined
  #last: number | undefined

  private constructor(init: BlockStoreInit) {
    this.#database = init.database
    this.#writer = init.writer
    this.#keepBlocks = init.keepBlocks
  }

  static async open(init: BlockStoreInit): Promise<BlockStore> {
    const store = new BlockStore(init)
    const range = { ...under('b/'), limit: 1 }
    const [first] = await init.database.keys(range).all()
    const [last] = await init.database.keys({ ...range, reverse: true }).all()
    store.#first = first === undefined ? undefined : heightIn(first)
    store.#last = last === undefined ? undefined : heightIn(last)
    return store
  }

  /** The lowest height kept. */
  get first(): number | undefined {
    return this.#first
  }

  /** The highest height kept. */
  get last(): number | undefined {
    return this.#last
  }

  /**
   * Keeps a decided block, before it is applied; resolves when it is on the disk. The same height again replaces
   * it. Forgets a few of the oldest blocks where they are more than are kept.
   *
   * @throws StoreError `LEDGER_STORE_WRONG_HEIGHT` where it would leave a gap
   */
  save(block: StoredBlock): Promise<void> {
    return this.#writer.write(this.saving(block))
  }

  /**
   * What `save` writes, for a batch of the caller's: the block is kept when that is on the disk.
   *
   * @throws StoreError `LEDGER_STORE_WRONG_HEIGHT`
   */
  saving({ height, id, block, commit }: StoredBlock): Write[] {
    const last = this.#last ?? height - 1
    if (height > last + 1 || height < (this.#first ?? height)) {
      throw storeError('LEDGER_STORE_WRONG_HEIGHT', `Block ${height} does not follow block ${last}.`, {
        height,
        last,
      })
    }
    this.#first ??= height
    this.#last = Math.max(last, height)
    const replaced = this.#database.getSync(KEYS.block(height))
    const writes: Write[] = [
      ...(replaced === undefined ? [] : [[KEYS.blockId(hex(replaced.subarray(0, 32))), undefined] as const]),
      [KEYS.block(height), Buffer.concat([id, block])],
      [KEYS.commit(height), commit],
      [KEYS.blockId(hex(id)), encodePlace({ height, index: 0 })],
    ]
    if (this.#keepBlocks !== undefined) {
      const below = Math.min(this.#last - this.#keepBlocks + 1, this.#first + PRUNED_PER_BLOCK)
      writes.push(...this.#forget(below))
    }
    return writes
  }

  /** What `StateStore.commit` writes with the block: its results, and the index of its transactions. */
  results(height: number, { results, light, transactions }: BlockResults): Write[] {
    const writes: Write[] = [
      [KEYS.results(height), results],
      [KEYS.light(height), light],
    ]
    const indexed = new EntryWriter(1024)
    const add = (key: string, value: Uint8Array): void => {
      writes.push([key, value])
      indexed.entry(key, undefined)
    }
    transactions.forEach(({ id, accounts }, index) => {
      add(KEYS.transaction(hex(id)), encodePlace({ height, index }))
      for (const account of new Set(accounts)) add(KEYS.account(account, height, index), id)
    })
    writes.push([KEYS.indexed(height), indexed.take()])
    return writes
  }

  block(height: number): StoredBlock | undefined {
    const record = this.#database.getSync(KEYS.block(height))
    const commit = this.#database.getSync(KEYS.commit(height))
    if (record === undefined || commit === undefined) return undefined
    return {
      height,
      id: record.subarray(0, 32),
      block: record.subarray(32),
      commit: commit,
    }
  }

  blockById(id: Uint8Array): StoredBlock | undefined {
    const place = this.#database.getSync(KEYS.blockId(hex(id)))
    return place === undefined ? undefined : this.block(decodePlace(place).height)
  }

  /** What applying the block gave. */
  resultsOf(height: number): Uint8Array | undefined {
    return this.#database.getSync(KEYS.results(height))
  }

  /** What a light block is made of, without reading the block; absent of blocks that earlier versions kept. */
  light(height: number): LightRecord | undefined {
    const light = this.#database.getSync(KEYS.light(height))
    const commit = light && this.#database.getSync(KEYS.commit(height))
    return light && commit && { light, commit }
  }

  transaction(id: Uint8Array): TransactionPlace | undefined {
    const place = this.#database.getSync(KEYS.transaction(hex(id)))
    return place && decodePlace(place)
  }

  /** An account's transactions, newest first: at most `limit`, older than `before` where that is given. */
  async byAccount(account: string, limit: number, before?: TransactionPlace): Promise<AccountEntry[]> {
    const { gte, lt } = under(`a/${account}/`)
    const end = before === undefined ? lt : KEYS.account(account, before.height, before.index)
    const entries = await this.#database.iterator({ gte, lt: end, reverse: true, limit }).all()
    return entries.map(([key, id]) => ({
      height: heightIn(key, gte.length),
      index: Number.parseInt(key.slice(gte.length + 13), 16),
      id: id,
    }))
  }

  /** Forgets blocks below `height`, their results, and their transactions in the index. */
  async prune(height: number): Promise<void> {
    await this.#writer.room(0)
    while (this.#first !== undefined && this.#first < Math.min(height, this.#last!)) {
      const below = Math.min(height, this.#last!, this.#first + 64)
      await this.#writer.write(this.#forget(below))
    }
  }

  /** Forgets blocks above `height`: of a chain that is rolled back. */
  async truncate(height: number): Promise<void> {
    await this.#writer.room(0)
    while (this.#last !== undefined && this.#last > height) {
      const gone = this.#last
      if (gone === this.#first) this.#first = undefined
      this.#last = this.#first === undefined ? undefined : gone - 1
      await this.#writer.write(this.#recordsOf(gone))
    }
  }

  #forget(below: number): Write[] {
    const writes: Write[] = []
    while (this.#first! < below) writes.push(...this.#recordsOf(this.#first!++))
    return writes
  }

  /** Removals of all that is kept of a block. */
  #recordsOf(height: number): Write[] {
    const block = this.#database.getSync(KEYS.block(height))
    const indexed = this.#database.getSync(KEYS.indexed(height))
    const kinds = [KEYS.block, KEYS.commit, KEYS.results, KEYS.light, KEYS.indexed]
    const keys = kinds.map(keyOf => keyOf(height))
    if (block !== undefined) keys.push(KEYS.blockId(hex(block.subarray(0, 32))))
    for (const [key] of indexed === undefined ? [] : readEntries(indexed)) keys.push(key)
    return keys.map(key => [key, undefined])
  }
}

function encodePlace({ height, index }: TransactionPlace): Uint8Array {
  const bytes = Buffer.alloc(10)
  bytes.writeUIntBE(height, 0, 6)
  bytes.writeUInt32BE(index, 6)
  return bytes
}

function decodePlace(bytes: Uint8Array): TransactionPlace {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return { height: buffer.readUIntBE(0, 6), index: buffer.readUInt32BE(6) }
}

const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
