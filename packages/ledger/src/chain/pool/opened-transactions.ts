import type { OpenTransaction } from '../../core/machine/transaction.js'
import { nameOf } from '../../crypto/name-of.js'

/** Transactions that are kept open: more than a pool and a block hold. */
const KEPT = 131_072

/**
 * Transactions whose signatures were found good, by all their bytes: what the pool has opened, a block that holds it
 * opens no more.
 */
export class OpenedTransactions {
  readonly #known = new Map<string, OpenTransaction>()

  /** The transaction of these bytes, where it was opened before. */
  get(bytes: Uint8Array): OpenTransaction | undefined {
    return this.#known.get(nameOf(bytes))
  }

  put(bytes: Uint8Array, transaction: OpenTransaction): void {
    if (this.#known.size >= KEPT) this.#known.delete(this.#known.keys().next().value as string)
    this.#known.set(nameOf(bytes), transaction)
  }

  /** Forgets transactions that are in a block. */
  drop(transactions: Iterable<Uint8Array>): void {
    for (const bytes of transactions) this.#known.delete(nameOf(bytes))
  }
}
