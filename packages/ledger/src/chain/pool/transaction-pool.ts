import { errorCode } from '@neurovoyance/protocol'
import { bytesOf, type Id } from '../../core/hex.js'
import { rulesAt } from '../../core/machine/application.js'
import { badSignature, type OpenTransaction, readTransaction } from '../../core/machine/transaction.js'
import { actionSignatures } from '../../core/mempool/door.js'
import type { Waiting } from '../../core/mempool/line.js'
import { type Dropped, Mempool, type MempoolLimits, type Room } from '../../core/mempool/mempool.js'
import { accounts } from '../../core/modules/accounts/account.js'
import { baseFeeOf } from '../../core/modules/fees/fee-market.js'
import { Draft } from '../../core/state/draft.js'
import { nativeSha256 } from '../../crypto/native-sha256.js'
import type { VerifyAside } from '../../crypto/native-verify.js'
import type { AppliedChain, Effects } from '../applied-chain.js'
import type { Admitted, GossipPool } from '../gossip/ports.js'
import { checkMayWait, type NextBlock } from './may-wait.js'
import type { OpenedTransactions } from './opened-transactions.js'

/** All that waits is looked through for what is past its time once in so many blocks. */
const SWEEP_BLOCKS = 32
/** Nonces that are remembered between blocks. */
const KEPT_NONCES = 262_144

/** What a pool is made from. */
export interface TransactionPoolInit {
  readonly chain: AppliedChain
  readonly opened: OpenedTransactions
  /** The platform's verifier: what it refuses does not wait, though a block may hold it. */
  readonly verify: VerifyAside
  readonly limits?: Partial<MempoolLimits>
}

/** Transactions that wait for a block, each checked against the state. */
export class TransactionPool implements GossipPool {
  readonly #init: TransactionPoolInit
  readonly #mempool: Mempool
  readonly #nonces = new Map<Id, number>()
  #next: NextBlock | undefined
  /** Something waits that did not before. */
  onAdded: () => void = () => {}
  /** Something waits no longer: a block has it, or it will not happen. */
  onDropped: (id: Uint8Array, why: Dropped) => void = () => {}

  constructor(init: TransactionPoolInit) {
    this.#init = init
    this.#mempool = new Mempool(init.limits)
    this.#mempool.onDropped = ({ transaction }, why) => this.onDropped(transaction.id, why)
  }

  get size(): number {
    return this.#mempool.size
  }

  get bytes(): number {
    return this.#mempool.bytes
  }

  has(id: Uint8Array): boolean {
    return this.#mempool.has(id)
  }

  get(id: Uint8Array): Waiting | undefined {
    return this.#mempool.get(id)
  }

  *waiting(): Generator<{ readonly id: Uint8Array; readonly bytes: Uint8Array }> {
    for (const { transaction, bytes } of this.#mempool.all()) yield { id: transaction.id, bytes }
  }

  /**
   * Takes a transaction in. What the state alone shows is looked at first; signatures, its own and those within its
   * actions, last and on other threads.
   *
   * @throws ProtocolError, `LEDGER_BAD_TRANSACTION`, `LEDGER_BAD_SIGNATURE`, and what `checkMayWait` and `actionSignatures` throw
   */
  async admit(bytes: Uint8Array): Promise<Admitted> {
    const { chainId } = this.#init.chain.machine
    const { transaction, checks } = readTransaction(bytes, { chainId, hash: nativeSha256 })
    const { id } = transaction
    if (this.#mempool.has(id)) return { id, isNew: false }
    const next = this.#nextBlock()
    const before = { next, found: this.#check(transaction) }
    const signed = [...checks, ...actionSignatures(next.rules, next.draft, transaction)]
    const held = await Promise.all(
      signed.map(({ publicKey, message, signature }) => this.#init.verify(publicKey, message, signature)),
    )
    const bad = held.indexOf(false)
    if (bad >= 0) throw badSignature(signed[bad]!.publicKey, chainId)
    if (this.#mempool.has(id)) return { id, isNew: false }
    const isSameHead = before.next === this.#next
    const { weight, nonce } = isSameHead ? before.found : this.#check(transaction)
    this.#mempool.add({ transaction, bytes, weight }, nonce)
    this.#init.opened.put(bytes, transaction)
    this.onAdded()
    return { id, isNew: true }
  }

  /** The best of what waits, as much as a block has room for. */
  select(room: Omit<Room, 'nonceOf'>): Waiting[] {
    return this.#mempool.select({ ...room, nonceOf: sender => this.#nonceOf(sender) })
  }

  /** Whether the next block could take something of what waits. */
  hasReady(): boolean {
    const baseFee = baseFeeOf(this.#nextBlock())
    return this.#mempool.hasReady({ baseFee, nonceOf: sender => this.#nonceOf(sender) })
  }

  /** Takes one out that turned out not to be allowed. */
  remove(transaction: OpenTransaction): void {
    this.#mempool.remove(transaction)
  }

  /** Takes out what can be in no block after this one, of some that somebody waits for. */
  expire(height: number, ids: Iterable<Id>): void {
    for (const id of ids) {
      const waiting = this.#mempool.get(bytesOf(id))
      if (waiting === undefined || waiting.transaction.body.validUntil > height) continue
      this.#mempool.remove(waiting.transaction, 'expired')
    }
  }

  /** After a block: what happened, and what cannot happen any more, waits no longer. */
  settle({ block: { height }, open, changes }: Effects): void {
    this.#next = undefined
    this.#init.opened.drop(open.transactionBytes)
    const senders = new Set(open.transactions.map(({ sender }) => sender))
    for (const sender of senders) this.#nonces.delete(sender)
    if (this.#nonces.size > KEPT_NONCES) this.#nonces.clear()
    // a node that catches up has nothing that waits
    if (this.#mempool.size === 0) return
    const nonceOf = (sender: Id): number => this.#nonceOf(sender)
    if (height % SWEEP_BLOCKS === 0) this.#mempool.settle(height, nonceOf)
    else this.#mempool.settle(height, nonceOf, senders)
    this.#recheck(changes.keys())
  }

  /** Of accounts that changed, what is first in line is looked at again: coins or keys may be others. */
  #recheck(changed: Iterable<string>): void {
    const prefix = accounts.key('')
    for (const key of changed) {
      if (!key.startsWith(prefix)) continue
      const sender = key.slice(prefix.length)
      const [first] = this.#mempool.line(sender, this.#nonceOf(sender))
      if (first === undefined) continue
      try {
        this.#check(first.transaction)
      } catch (error) {
        if (errorCode(error) === undefined) throw error
        // who offers too little now may be served when less is asked for
        if (errorCode(error) !== 'LEDGER_FEE_TOO_LOW') this.remove(first.transaction)
      }
    }
  }

  #check(transaction: OpenTransaction) {
    return checkMayWait(this.#nextBlock(), transaction, sender => this.#shownKeys(sender))
  }

  #shownKeys(sender: Id) {
    const [first] = this.#mempool.line(sender, this.#nonceOf(sender))
    return first?.transaction.body.keys
  }

  #nonceOf(sender: Id): number {
    const known = this.#nonces.get(sender)
    if (known !== undefined) return known
    const nonce = accounts.get(this.#nextBlock().draft, sender)?.nonce ?? 0
    this.#nonces.set(sender, nonce)
    return nonce
  }

  /** The state as the next block finds it; a draft keeps what it has decoded, so it is made anew for each. */
  #nextBlock(): NextBlock {
    const { chain } = this.#init
    if (this.#next === undefined) {
      const { head, parameters, machine, state } = chain
      const draft = new Draft(state)
      const height = head.height + 1
      const rules = rulesAt(machine, draft, height)
      this.#next = { draft, parameters, timeMs: head.timeMs, height, rules }
    }
    return this.#next
  }
}
