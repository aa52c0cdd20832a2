import {
  Block,
  BlockResults,
  Commit,
  LightBlock,
  type TransactionProof,
  type TransactionResultRecord,
} from '@neurovoyance/protocol'
import { transactionProof } from '../../core/light/transaction-proof.js'
import type { AccountEntry, LightRecord, TransactionPlace } from '../../store/block-store.js'
import type { LedgerStore } from '../../store/index.js'
import type { AppliedBlock, TransactionResult } from '../chain.js'
import { coreEvents } from '../record/events.js'
import { thinned } from '../record/thinned.js'
import { readValidators } from '../record/validators.js'

/** Blocks that are kept decoded: whoever asks for one transaction asks for others of its block. */
const DECODED_BLOCKS = 8

/** Numbers of fields: `Block`'s and `BlockResults`'. */
const BLOCK = { header: 1, transactions: 2 }
const RESULTS = { transactions: 1, events: 2 }

/** What a store says of blocks that were applied. */
export class ChainQueries {
  readonly #store: LedgerStore
  readonly #height: () => number
  readonly #decoded = new Map<number, AppliedBlock>()

  /** @param height the last block that was applied; one that is only saved is not shown */
  constructor(store: LedgerStore, height: () => number) {
    this.#store = store
    this.#height = height
  }

  block(at: number | Uint8Array = this.#height()): AppliedBlock | undefined {
    const height = typeof at === 'number' ? at : this.#store.blocks.blockById(at)?.height
    if (height === undefined || height > this.#height()) return undefined
    const known = this.#decoded.get(height)
    if (known !== undefined) return known
    const block = this.#decode(height)
    if (block === undefined) return undefined
    if (this.#decoded.size >= DECODED_BLOCKS)
      this.#decoded.delete(this.#decoded.keys().next().value as number)
    this.#decoded.set(height, block)
    return block
  }

  /** A transaction that is in a block. */
  transaction(id: Uint8Array): TransactionResult | undefined {
    const place = this.#store.blocks.transaction(id)
    return place && this.#transactionAt(place)
  }

  /** What shows what became of it, under the headers of its block and the next one. */
  proof(id: Uint8Array): TransactionProof | undefined {
    const place = this.#store.blocks.transaction(id)
    const transactions = place && this.block(place.height)?.transactions
    return transactions?.[place!.index] && transactionProof(transactions, place!.index)
  }

  /** The block that a transaction is in. */
  heightOf(id: Uint8Array): number | undefined {
    return this.#store.blocks.transaction(id)?.height
  }

  /** Where an account's transactions are, newest first: by the index alone. */
  async entries(account: string, limit: number, before?: TransactionPlace): Promise<AccountEntry[]> {
    const entries = await this.#store.blocks.byAccount(account, limit, before)
    return entries.filter(({ height }) => height <= this.#height())
  }

  async history(account: string, limit: number, before?: TransactionPlace): Promise<TransactionResult[]> {
    const entries = await this.entries(account, limit, before)
    return entries.flatMap(place => this.#transactionAt(place) ?? [])
  }

  /** A light block, encoded. */
  lightBlock(height = this.#height()): Uint8Array | undefined {
    if (height > this.#height()) return undefined
    const { light, commit: commitBytes } =
      this.#store.blocks.light(height) ?? this.#lightFromBlock(height) ?? {}
    if (light === undefined || commitBytes === undefined) return undefined
    const { header, partsRoot, parts } = LightBlock.decode(light)
    const validators = header && readValidators(this.#store, header.validatorsHash)
    const nextValidators = header && readValidators(this.#store, header.nextValidatorsHash)
    const commit = Commit.decode(commitBytes)
    return LightBlock.encode({ header, partsRoot, parts, commit, validators, nextValidators })
  }

  /** The same of a block that an earlier version kept: out of all of it. */
  #lightFromBlock(height: number): LightRecord | undefined {
    const { blocks } = this.#store
    const stored = blocks.block(height)
    const results = blocks.resultsOf(height)
    if (stored === undefined || results === undefined) return undefined
    const { header } = Block.decode(thinned(stored.block, field => field === BLOCK.header))
    const { partsRoot, parts } = BlockResults.decode(
      thinned(results, field => field !== RESULTS.transactions && field !== RESULTS.events),
    )
    return { light: LightBlock.encode({ header, partsRoot, parts }), commit: stored.commit }
  }

  /** One transaction of a block, without decoding the others. */
  #transactionAt({ height, index }: TransactionPlace): TransactionResult | undefined {
    const known = this.#decoded.get(height)
    if (known !== undefined) return known.transactions[index]
    const stored = height > this.#height() ? undefined : this.#store.blocks.block(height)
    const results = this.#store.blocks.resultsOf(height)
    if (stored === undefined || results === undefined) return undefined
    const block = Block.decode(
      thinned(stored.block, (field, at) => field === BLOCK.transactions && at === index),
    )
    const { transactions } = BlockResults.decode(
      thinned(results, (field, at) =>
        field === RESULTS.transactions ? at === index : field !== RESULTS.events,
      ),
    )
    const [bytes] = block.transactions
    const [result] = transactions
    return bytes && result && transactionResult(result, { height, index }, bytes)
  }

  #decode(height: number): AppliedBlock | undefined {
    const stored = this.#store.blocks.block(height)
    const results = this.#store.blocks.resultsOf(height)
    if (stored === undefined || results === undefined) return undefined
    const { header, transactions } = Block.decode(stored.block)
    const { stateRoot, finalityMs, ...kept } = BlockResults.decode(results)
    if (header === undefined) return undefined
    const { timeMs, proposer } = header
    return {
      height,
      id: stored.id,
      timeMs,
      proposer,
      stateRoot,
      finalityMs,
      events: coreEvents(kept.events),
      transactions: kept.transactions.map((result, index) =>
        transactionResult(result, { height, index }, transactions[index]!),
      ),
    }
  }
}

const transactionResult = (
  { id, code, message, fee, weight, events }: TransactionResultRecord,
  { height, index }: TransactionPlace,
  bytes: Uint8Array,
): TransactionResult => ({
  id,
  height,
  index,
  ...(code !== '' && { code, message }),
  fee,
  weight,
  events: coreEvents(events),
  bytes,
})
