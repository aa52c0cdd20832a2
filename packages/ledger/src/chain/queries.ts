import { Block, BlockResults, Commit, LightBlock, type TransactionProof } from '@neurovoyance/protocol'
import { transactionProof } from '../core/light/transaction-proof.js'
import type { LedgerStore } from '../store/index.js'
import type { AppliedBlock, TransactionResult } from './chain.js'
import { coreEvents } from './record/events.js'
import { readValidators } from './record/validators.js'

/** Blocks that are kept decoded: whoever asks for one transaction asks for others of its block. */
const DECODED_BLOCKS = 8

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
    return place && this.block(place.height)?.transactions[place.index]
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

  async history(
    account: string,
    limit: number,
    before?: { height: number; index: number },
  ): Promise<TransactionResult[]> {
    const entries = await this.#store.blocks.byAccount(account, limit, before)
    return entries.flatMap(({ height, index }) => this.block(height)?.transactions[index] ?? [])
  }

  /** A light block, encoded. */
  lightBlock(height = this.#height()): Uint8Array | undefined {
    const { blocks } = this.#store
    const stored = height > this.#height() ? undefined : blocks.block(height)
    const results = blocks.resultsOf(height)
    if (stored === undefined || results === undefined) return undefined
    const { header } = Block.decode(stored.block)
    const { partsRoot, parts } = BlockResults.decode(results)
    const validators = header && readValidators(this.#store, header.validatorsHash)
    const nextValidators = header && readValidators(this.#store, header.nextValidatorsHash)
    const commit = Commit.decode(stored.commit)
    return LightBlock.encode({ header, partsRoot, parts, commit, validators, nextValidators })
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
      transactions: kept.transactions.map(({ id, code, message, fee, weight, events }, index) => ({
        id,
        height,
        index,
        ...(code !== '' && { code, message }),
        fee,
        weight,
        events: coreEvents(events),
        bytes: transactions[index]!,
      })),
    }
  }
}
