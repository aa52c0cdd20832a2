import type { Clock } from '@neurovoyance/protocol'
import { type Id, idOf } from '../../core/hex.js'
import type { Dropped } from '../../core/mempool/mempool.js'
import type { AppliedBlock, TransactionResult } from '../chain.js'
import { chainError } from '../errors.js'
import { Waiters } from './waiters.js'

/** What settlements are told by. */
export interface SettlementsInit {
  /** A transaction that is in a block. */
  found(id: Uint8Array): TransactionResult | undefined
  readonly pool: {
    has(id: Uint8Array): boolean
    expire(height: number, ids: Iterable<Id>): void
    onDropped: (id: Uint8Array, why: Dropped) => void
  }
  readonly clock: Clock
}

/** How long one is waited for that nobody has heard of. */
const UNKNOWN_MS = 60_000
/** Transactions that are remembered as gone. */
const MOST_GONE = 4_096

/** Those who wait for what becomes of a transaction: until it is in a block, or cannot be any more. */
export class Settlements {
  readonly #init: SettlementsInit
  readonly #waiters = new Waiters<TransactionResult>()
  readonly #gone = new Map<Id, Dropped>()

  constructor(init: SettlementsInit) {
    this.#init = init
    init.pool.onDropped = (id, why) => this.#drop(id, why)
  }

  /**
   * Waits until a transaction is in a block.
   *
   * @throws ChainError `LEDGER_CHAIN_TRANSACTION_GONE` when it will not happen any more,
   *   `LEDGER_CHAIN_TRANSACTION_UNKNOWN` where nobody tells of it within a minute
   */
  async wait(id: Uint8Array, signal?: AbortSignal): Promise<TransactionResult> {
    const { found, pool, clock } = this.#init
    const settled = found(id)
    if (settled !== undefined) return settled
    const name = idOf(id)
    const why = this.#gone.get(name)
    if (!pool.has(id) && why !== undefined) throw gone(name, why)
    const cancel = clock.after(UNKNOWN_MS, () => {
      // one that waits for a block ends when it is in one, or is dropped
      if (!pool.has(id)) this.#waiters.fail(name, unknown(name))
    })
    try {
      return await this.#waiters.wait(name, signal)
    } finally {
      cancel()
    }
  }

  /** After a block, before the pool hears of it. */
  applied({ height, transactions }: Pick<AppliedBlock, 'height' | 'transactions'>): void {
    if (this.#waiters.isEmpty) return
    for (const result of transactions) this.#waiters.tell(idOf(result.id), result)
    this.#init.pool.expire(height, this.#waiters.names())
  }

  /** Nothing will be told any more. */
  close(): void {
    this.#waiters.close()
  }

  #drop(id: Uint8Array, why: Dropped): void {
    // most whose nonce is used are in the block: whoever waited for those has been told
    if (why === 'nonce-used' && this.#waiters.isEmpty) return
    const name = idOf(id)
    this.#waiters.fail(name, gone(name, why))
    if (why === 'nonce-used') return
    this.#gone.delete(name)
    this.#gone.set(name, why)
    if (this.#gone.size > MOST_GONE) this.#gone.delete(this.#gone.keys().next().value as Id)
  }
}

const REASONS: Readonly<Record<Dropped, string>> = {
  replaced: 'another with its nonce has taken its place',
  'nonce-used': 'another with its nonce has happened',
  expired: 'the last block that it was valid for has passed without it: send it anew',
  'put-out': 'it was put out of the pool, for better ones or since its sender may not send it any more',
}

const gone = (id: Id, why: Dropped) =>
  chainError('LEDGER_CHAIN_TRANSACTION_GONE', `the transaction will not happen: ${REASONS[why]}`, { id, why })

const unknown = (id: Id) =>
  chainError(
    'LEDGER_CHAIN_TRANSACTION_UNKNOWN',
    `this node has not heard of the transaction in ${UNKNOWN_MS / 1_000} s: check its id, or send it again`,
    { id },
  )
