import type { Verify } from '../crypto/zip215.js'
import type { Id } from '../hex.js'
import type { Parameters } from '../parameters/parameters.js'
import type { Draft } from '../state/draft.js'

/** Something that happened, for whoever watches the ledger; not part of the state. */
export interface LedgerEvent {
  /** Module and event: `accounts/transferred`. */
  readonly kind: string
  /** Accounts that it is about: it is found under each of them. */
  readonly accounts: readonly Id[]
  /** What happened: text, whole numbers and amounts. */
  readonly fields: Readonly<Record<string, string | number | bigint>>
}

/** What rules may know while a block is applied. */
export interface BlockContext {
  readonly draft: Draft
  readonly chainId: string
  readonly height: number
  /** The ledger's time of this block, in milliseconds since the Unix epoch. */
  readonly timeMs: number
  /** The ledger's time of the block before; at the first block, the genesis's. */
  readonly previousTimeMs: number
  /** Key of the validator who proposed the block. */
  readonly proposer: Uint8Array
  /** Evidence of this block, as it travelled. */
  readonly evidence: readonly Uint8Array[]
  readonly parameters: Parameters
  /** Checks signatures within actions and evidence: vouchers, votes. */
  readonly verify: Verify
  emit(event: LedgerEvent): void
}

/** What an action may know besides. */
export interface ActionContext extends BlockContext {
  /** The account that asks. */
  readonly sender: Id
  /** SHA-256 of the transaction's body. */
  readonly transactionId: Uint8Array
  readonly nonce: number
}
