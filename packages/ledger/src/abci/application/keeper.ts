import { join } from 'node:path'
import type { Applied } from '../../core/machine/apply.js'
import type { Changes } from '../../core/state/view.js'
import { storeError } from '../../store/errors.js'
import { type LedgerStore, openLedgerStore, recordWrite } from '../../store/open.js'
import type { SnapshotSource } from '../../store/snapshot/export.js'
import type { Write } from '../../store/writer.js'

/** The ledger after a block that was committed. */
export interface LedgerHead {
  readonly height: number
  /** The ledger's time of it, which may be behind CometBFT's. */
  readonly timeMs: number
  readonly root: Uint8Array
}

/** How the keeper's store is opened. */
export interface KeeperInit {
  readonly dir: string
  readonly cacheBytes?: number
}

interface Staged {
  readonly head: LedgerHead
  allow(): void
  refuse(reason: Error): void
}

const TIME_BYTES = 8
const REMEMBERED_TIMES = 64

/**
 * The ledger's store as ABCI needs it. A block is *staged* first: its root is known and nothing of it is on the disk,
 * since a crash before `Commit` has to leave the block before it. Then it is committed, and written behind: what a
 * crash takes away CometBFT plays again.
 */
export class Keeper {
  readonly #init: KeeperInit
  #store: LedgerStore
  #head: LedgerHead | undefined
  #staged: Staged | undefined
  /** Ledger times of the last blocks: a snapshot is of one of them. */
  readonly #times = new Map<number, number>()

  private constructor(init: KeeperInit, store: LedgerStore) {
    this.#init = init
    this.#store = store
    this.#head = headOf(store)
  }

  static async open(init: KeeperInit): Promise<Keeper> {
    return new Keeper(init, await openStore(init))
  }

  /** The state after the newest block, staged ones too. */
  get state(): LedgerStore['state'] {
    return this.#store.state
  }

  /** After the last committed block; `undefined` before the genesis. */
  get head(): LedgerHead | undefined {
    return this.#head
  }

  /** Applies a block in memory; its root is the answer. */
  async stage(height: number, timeMs: number, changes: Applied['changes']): Promise<Uint8Array> {
    await this.#store.state.room(1)
    const gate = Promise.withResolvers<void>()
    gate.promise.catch(() => {})
    const { root } = this.#store.state.commit({
      height,
      changes,
      records: [timeRecord(timeMs)],
      allowed: gate.promise,
    })
    this.#staged = {
      head: { height, timeMs, root: root.slice() },
      allow: () => gate.resolve(),
      refuse: reason => gate.reject(reason),
    }
    return root
  }

  /** Lets the staged block be written. */
  commit(): LedgerHead {
    if (this.#staged === undefined) {
      throw storeError('LEDGER_STORE_WRONG_HEIGHT', 'There is no block to commit.')
    }
    this.#staged.allow()
    this.#head = this.#staged.head
    this.#staged = undefined
    this.#times.set(this.#head.height, this.#head.timeMs)
    this.#times.delete(this.#head.height - REMEMBERED_TIMES)
    return this.#head
  }

  /** The ledger's time after one of the last blocks. */
  timeOf(height: number): number | undefined {
    return this.#times.get(height)
  }

  /** Puts the genesis down. */
  async begin(timeMs: number, changes: Changes): Promise<LedgerHead> {
    const committed = this.#store.state.commit({ height: 0, changes, records: [timeRecord(timeMs)] })
    await committed.durable
    this.#head = { height: 0, timeMs, root: committed.root.slice() }
    return this.#head
  }

  /** Takes the staged block back: the store is opened again as the disk has it. */
  async discard(): Promise<void> {
    if (this.#staged === undefined) return
    this.#staged.refuse(new Error('the engine began the block again'))
    this.#staged = undefined
    await this.#store.close().catch(() => {})
    await this.#open()
  }

  /** Fills the empty store from a snapshot. */
  async restore(source: SnapshotSource, root: Uint8Array, timeMs: number): Promise<void> {
    await this.#store.close()
    try {
      const snapshot = { source, root, records: [timeRecord(timeMs)] }
      this.#store = await openLedgerStore({ ...storeInit(this.#init), snapshot })
      this.#head = headOf(this.#store)
    } catch (error) {
      await this.#open()
      throw error
    }
  }

  /** Waits for what is being written; a staged block is not. */
  async close(): Promise<void> {
    const staged = this.#staged
    this.#staged = undefined
    staged?.refuse(new Error('the application is closed'))
    await this.#store.close().catch(error => {
      if (staged === undefined) throw error
    })
  }

  async #open(): Promise<void> {
    this.#store = await openStore(this.#init)
    this.#head = headOf(this.#store)
  }
}

const storeInit = ({ dir, cacheBytes }: KeeperInit) => ({
  dir: join(dir, 'state'),
  ...(cacheBytes === undefined ? {} : { cacheBytes }),
})

const openStore = (init: KeeperInit): Promise<LedgerStore> => openLedgerStore(storeInit(init))

/** The ledger's time after the state's block, beside the state. */
const TIME = 'abci/time'

function timeRecord(timeMs: number): Write {
  const bytes = new Uint8Array(TIME_BYTES)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(timeMs))
  return recordWrite(TIME, bytes)
}

function headOf(store: LedgerStore): LedgerHead | undefined {
  const { height } = store.state
  if (height === undefined) return undefined
  const time = store.record(TIME)
  if (time?.length !== TIME_BYTES) {
    throw storeError('LEDGER_STORE_CORRUPT', 'The store is not one that was kept under CometBFT.', { height })
  }
  const timeMs = Number(new DataView(time.buffer, time.byteOffset).getBigUint64(0))
  return { height, timeMs, root: store.state.root().slice() }
}
