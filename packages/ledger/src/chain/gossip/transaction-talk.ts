import { type Clock, errorCode, NeurovoyanceError } from '@neurovoyance/protocol'
import { nameOf } from '../../crypto/name-of.js'
import { listeners, type Peer } from './peer.js'
import type { GossipPool } from './ports.js'
import { RecentSet } from './recent.js'
import { Refusals } from './refusals.js'
import type { GossipSettings } from './settings.js'

/** Transactions whose names are remembered. */
const REMEMBERED = 65_536
/** Transactions that were refused and whose names are remembered. */
const REFUSED = 8_192
/** Transactions that were submitted here and are said again while they wait. */
const OWN = 4_096
/** Transactions that are checked before anything else gets its turn. */
const CHECKED_AT_ONCE = 64

/** What the talk about transactions is made from. */
export interface TransactionTalkInit {
  peers: ReadonlyMap<string, Peer>
  pool: GossipPool
  penalise(peerId: string, reason: string): void
  clock: Clock
  settings: GossipSettings
}

interface Unchecked {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Transactions that wait: each is said once to each peer that does not have it, many together. */
export class TransactionTalk {
  readonly #init: TransactionTalkInit
  /** Names of encoded transactions that came and were not refused. */
  readonly #known = new RecentSet(REMEMBERED)
  /** Those that were refused since the last block. */
  #refused = new RecentSet(REFUSED)
  readonly #refusals: Refusals
  readonly #unchecked = new Map<string, Unchecked[]>()
  readonly #own = new Map<string, { id: Uint8Array; bytes: Uint8Array }>()
  #leaving: { bytes: Uint8Array; from: string | undefined }[] = []
  #cancelFlush: (() => void) | undefined
  #isChecking = false
  #isStopped = false

  constructor(init: TransactionTalkInit) {
    this.#init = init
    this.#refusals = new Refusals(init.settings)
  }

  /** One that was submitted here. */
  announce(id: Uint8Array, bytes: Uint8Array): void {
    const name = nameOf(bytes)
    this.#known.add(name)
    this.#own.set(name, { id, bytes })
    if (this.#own.size > OWN) this.#own.delete(this.#own.keys().next().value as string)
    this.#leave(bytes, undefined)
  }

  /** Whether too much of what a peer offered was refused since the last block: nothing more is read until the next. */
  isSpent({ id }: Peer): boolean {
    return this.#refusals.isSpent(id)
  }

  /** A peer said some; those that are new are checked in turn with those of other peers. */
  hear(peer: Peer, transactions: readonly Uint8Array[]): void {
    if (this.isSpent(peer)) return
    const { id } = peer
    const unchecked = this.#unchecked.get(id) ?? []
    this.#unchecked.set(id, unchecked)
    for (const bytes of transactions) {
      if (unchecked.length >= this.#init.settings.uncheckedTransactions) break
      const name = nameOf(bytes)
      if (!this.#refused.has(name) && this.#known.add(name)) unchecked.push({ name, bytes })
    }
    if (!this.#isChecking) void this.#check()
  }

  /** What a peer hears when its stream opens: all that wait, as many as fit. */
  greet({ outbox }: Peer): void {
    if (outbox === undefined) return
    let left = OWN
    for (const { bytes } of this.#init.pool.waiting()) {
      if (left-- === 0) break
      outbox.transaction(bytes)
    }
  }

  /** What a peer said and was not checked is forgotten. */
  forget(peerId: string): void {
    for (const { name } of this.#unchecked.get(peerId) ?? []) this.#known.delete(name)
    this.#unchecked.delete(peerId)
  }

  /** A block was applied: what was refused may happen now. */
  applied(): void {
    this.#refused = new RecentSet(REFUSED)
    this.#refusals.clear()
  }

  /** Says one's own again while they wait: whoever would have put them into a block may not have heard of them. */
  repeat(): void {
    for (const [name, { id, bytes }] of this.#own) {
      if (this.#init.pool.has(id)) this.#leave(bytes, undefined)
      else this.#own.delete(name)
    }
  }

  stop(): void {
    this.#isStopped = true
    this.#cancelFlush?.()
    this.#unchecked.clear()
  }

  async #check(): Promise<void> {
    this.#isChecking = true
    try {
      while (!this.#isStopped && this.#unchecked.size > 0) {
        for (const peerId of [...this.#unchecked.keys()]) {
          const waiting = this.#unchecked.get(peerId) ?? []
          const some = waiting.splice(0, CHECKED_AT_ONCE)
          if (waiting.length === 0) this.#unchecked.delete(peerId)
          await Promise.all(some.map(transaction => this.#admit(peerId, transaction)))
          await new Promise<void>(resolve => setImmediate(resolve))
        }
      }
    } finally {
      this.#isChecking = false
    }
  }

  async #admit(peerId: string, { name, bytes }: Unchecked): Promise<void> {
    try {
      const { isNew } = await this.#init.pool.admit(bytes)
      if (isNew) this.#leave(bytes, peerId)
    } catch (error) {
      this.#known.delete(name)
      this.#refused.add(name)
      this.#refuse(peerId, error)
    }
  }

  /** What came with one that cannot be, or with too many that may not happen, is not looked at. */
  #refuse(peerId: string, error: unknown): void {
    this.#refusals.add(peerId, isMalformed(error))
    const isHostile = isForged(error) || this.#refusals.isHostile(peerId)
    if (isHostile || this.#refusals.isSpent(peerId)) this.forget(peerId)
    if (isHostile) this.#init.penalise(peerId, `a transaction that cannot be: ${errorCode(error)}`)
  }

  #leave(bytes: Uint8Array, from: string | undefined): void {
    if (this.#isStopped) return
    this.#leaving.push({ bytes, from })
    const { clock, settings } = this.#init
    this.#cancelFlush ??= clock.after(settings.batchMs, () => {
      this.#cancelFlush = undefined
      const leaving = this.#leaving
      this.#leaving = []
      for (const transaction of leaving)
        for (const outbox of listeners(this.#init.peers.values(), transaction.from))
          outbox.transaction(transaction.bytes)
    })
  }
}

/**
 * Whether a signature in it is wrong, whatever the state: keys that no longer speak for an account are another matter,
 * a peer may not know that yet.
 */
const isForged = (error: unknown): boolean =>
  error instanceof NeurovoyanceError &&
  error.code === 'LEDGER_BAD_SIGNATURE' &&
  error.details.key !== undefined

/** Whether it cannot be read: a later version of the rules may write other transactions, so a few are forgiven. */
const isMalformed = (error: unknown): boolean => {
  const code = errorCode(error)
  return code === 'LEDGER_BAD_TRANSACTION' || code?.startsWith('PROTOCOL_') === true
}
