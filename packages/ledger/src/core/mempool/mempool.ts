import { ledgerError } from '../../errors.js'
import { type Id, idOf } from '../hex.js'
import type { OpenTransaction } from '../machine/transaction.js'
import { Line, type Waiting } from './line.js'

/** What a mempool holds at most. */
export interface MempoolLimits {
  transactions: number
  bytes: number
  /** Transactions of one account that wait, and so how far ahead its nonces may be. */
  perSender: number
}

export const DEFAULT_MEMPOOL_LIMITS: MempoolLimits = Object.freeze({
  transactions: 50_000,
  bytes: 64 * 1024 ** 2,
  perSender: 256,
})

/** What one block may take. */
export interface Room {
  readonly weight: number
  readonly bytes: number
  readonly count: number
  /** Base units that are burnt for each unit of weight. */
  readonly baseFee: bigint
  /** The next nonce of an account. */
  nonceOf(sender: Id): number
}

/**
 * Why a transaction waits no longer: another that waits has its nonce, its nonce is used (by itself, where it is in a
 * block), its time is over, or there was no room or no right for it.
 */
export type Dropped = 'replaced' | 'nonce-used' | 'expired' | 'put-out'

/** What a full mempool lets go at once, as a share of what it holds: looking for the cheapest takes time. */
const EVICTED_SHARE = 1 / 16
/** A replacement offers a tenth more. */
const RAISE = 110n

/**
 * Transactions that wait for a block: by account in the order of their nonces, and among accounts by what they
 * offer. Pure bookkeeping; signatures and balances are the caller's to check.
 */
export class Mempool {
  readonly #limits: MempoolLimits
  readonly #lines = new Map<Id, Line>()
  readonly #ids = new Map<Id, Waiting>()
  #bytes = 0
  /** Hears of every transaction that waits no longer. */
  onDropped: (waiting: Waiting, why: Dropped) => void = () => {}

  constructor(limits: Partial<MempoolLimits> = {}) {
    this.#limits = { ...DEFAULT_MEMPOOL_LIMITS, ...limits }
  }

  /** Transactions that wait. */
  get size(): number {
    return this.#ids.size
  }

  /** Bytes of all of them. */
  get bytes(): number {
    return this.#bytes
  }

  has(id: Uint8Array): boolean {
    return this.#ids.has(idOf(id))
  }

  /** A transaction that waits, by its id. */
  get(id: Uint8Array): Waiting | undefined {
    return this.#ids.get(idOf(id))
  }

  /** The transactions of one account that wait, from a nonce on, as far as none is missing. */
  *line(sender: Id, nonce: number): Generator<Waiting> {
    yield* this.#lines.get(sender)?.from(nonce) ?? []
  }

  /**
   * Takes a transaction in.
   *
   * @param nonce the next nonce of its sender
   * @throws LedgerError `LEDGER_WRONG_NONCE` for one that has passed or is too far ahead, `LEDGER_FEE_TOO_LOW` where
   *   it replaces one and does not offer a tenth more, or where the pool is full of better ones
   */
  add(waiting: Waiting, nonce: number): void {
    const { transaction, bytes } = waiting
    const { sender, body } = transaction
    const id = idOf(transaction.id)
    if (this.#ids.has(id)) return
    if (body.nonce < nonce || body.nonce >= nonce + this.#limits.perSender) {
      throw ledgerError('LEDGER_WRONG_NONCE', `nonce ${body.nonce} where ${nonce} is next`, {
        expected: nonce,
        actual: body.nonce,
        most: nonce + this.#limits.perSender - 1,
      })
    }
    const line = this.#lines.get(sender) ?? new Line()
    const before = line.at(body.nonce)
    if (before !== undefined) refuseCheapReplacement(before, waiting)
    else this.#makeRoom(waiting)
    if (before !== undefined) this.#drop(line, before, 'replaced')
    line.put(waiting)
    this.#lines.set(sender, line)
    this.#ids.set(id, waiting)
    this.#bytes += bytes.length
  }

  /** The transactions that a block takes: the best first, each account's in order. */
  select(room: Room): Waiting[] {
    const chosen: Waiting[] = []
    const passedOver = new Set<Id>()
    let { weight, bytes } = room
    for (const waiting of this.#byOffer(room)) {
      if (chosen.length >= room.count) break
      const { sender } = waiting.transaction
      if (passedOver.has(sender)) continue
      if (waiting.weight > weight || waiting.bytes.length > bytes) {
        passedOver.add(sender)
        continue
      }
      weight -= waiting.weight
      bytes -= waiting.bytes.length
      chosen.push(waiting)
    }
    return chosen
  }

  /** Whether a block could take something: its turn has come, and it pays the base fee. */
  hasReady({ baseFee, nonceOf }: Pick<Room, 'baseFee' | 'nonceOf'>): boolean {
    for (const [sender, line] of this.#lines) {
      const first = line.at(nonceOf(sender))
      if (first !== undefined && offerOf(first, baseFee) !== undefined) return true
    }
    return false
  }

  /** After a block: forgets what has happened, is past its time, or whose nonce is used. */
  settle(height: number, nonceOf: (sender: Id) => number, senders: Iterable<Id> = this.#lines.keys()): void {
    for (const sender of [...senders]) {
      const line = this.#lines.get(sender)
      if (line === undefined) continue
      const nonce = nonceOf(sender)
      for (const waiting of line.all()) {
        const { body } = waiting.transaction
        if (body.nonce < nonce) this.#drop(line, waiting, 'nonce-used')
        else if (body.validUntil <= height) this.#drop(line, waiting, 'expired')
      }
      this.#dropEmpty(sender, line)
    }
  }

  /** Takes one out, such as one that turned out not to be allowed; those after it stay until it comes again. */
  remove({ id, sender }: Pick<OpenTransaction, 'id' | 'sender'>, why: Dropped = 'put-out'): void {
    const line = this.#lines.get(sender)
    const found = line?.all().find(({ transaction }) => idOf(transaction.id) === idOf(id))
    if (line === undefined || found === undefined) return
    this.#drop(line, found, why)
    this.#dropEmpty(sender, line)
  }

  /** What waits, for gossip. */
  *all(): Generator<Waiting> {
    yield* this.#ids.values()
  }

  #byOffer({ baseFee, nonceOf }: Room): Waiting[] {
    const ready: { waiting: Waiting; offer: bigint; after: number }[] = []
    for (const [sender, line] of this.#lines) {
      let offer: bigint | undefined
      for (const waiting of line.from(nonceOf(sender))) {
        const own = offerOf(waiting, baseFee)
        if (own === undefined) break
        // one that comes after a cheaper one is worth no more than that one
        offer = offer === undefined || own < offer ? own : offer
        ready.push({ waiting, offer, after: waiting.transaction.body.nonce })
      }
    }
    return ready
      .sort((a, b) => (a.offer === b.offer ? a.after - b.after : a.offer > b.offer ? -1 : 1))
      .map(({ waiting }) => waiting)
  }

  #makeRoom(waiting: Waiting): void {
    const { transactions, bytes } = this.#limits
    if (this.size < transactions && this.#bytes + waiting.bytes.length <= bytes) return
    const lasts = [...this.#lines]
      .map(([sender, line]) => ({ sender, line, tip: line.last()!.transaction.body.tip }))
      .sort((a, b) => (a.tip === b.tip ? 0 : a.tip < b.tip ? -1 : 1))
    if (waiting.transaction.body.tip <= lasts[0]!.tip) {
      throw ledgerError(
        'LEDGER_FEE_TOO_LOW',
        'the pool is full of transactions that offer at least as much',
        {
          leastTip: String(lasts[0]!.tip),
        },
      )
    }
    const goal = Math.min(Math.floor(transactions * (1 - EVICTED_SHARE)), transactions - 1)
    for (const { sender, line, tip } of lasts) {
      if (this.size <= goal && this.#bytes + waiting.bytes.length <= bytes) break
      if (tip >= waiting.transaction.body.tip) break
      this.#drop(line, line.last()!, 'put-out')
      this.#dropEmpty(sender, line)
    }
  }

  #drop(line: Line, waiting: Waiting, why: Dropped): void {
    line.remove(waiting.transaction.body.nonce)
    this.#ids.delete(idOf(waiting.transaction.id))
    this.#bytes -= waiting.bytes.length
    this.onDropped(waiting, why)
  }

  #dropEmpty(sender: Id, line: Line): void {
    if (line.isEmpty) this.#lines.delete(sender)
  }
}

/** What a transaction offers for a unit of weight, above a base fee; `undefined` where it cannot pay that. */
function offerOf({ transaction: { body }, weight }: Waiting, baseFee: bigint): bigint | undefined {
  return BigInt(weight) * (baseFee + body.tip) > body.maxFee ? undefined : body.tip
}

function refuseCheapReplacement(before: Waiting, { transaction: { body } }: Waiting): void {
  const { tip, maxFee } = before.transaction.body
  if (body.tip * 100n >= tip * RAISE && body.tip > tip && body.maxFee >= maxFee) return
  throw ledgerError(
    'LEDGER_FEE_TOO_LOW',
    `a transaction with nonce ${body.nonce} waits: to replace it, offer a tenth more`,
    {
      tip: String(tip),
      maxFee: String(maxFee),
    },
  )
}
