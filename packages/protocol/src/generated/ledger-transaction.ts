// Generated from proto/neurovoyance/ledger/v1/transaction.proto by `pnpm generate`: edit that file, not this one.
import { checkLength } from '../ids/checks.js'
import { LIMITS } from '../limits.js'
import type { Codec } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'
import { readKeySet, type KeySet, writeKeySet } from './ledger-accounts.js'

/** A transaction as it travels. Its id is the SHA-256 of `body`. */
export interface Transaction {
  /** An encoded TransactionBody; these bytes are what is signed. */
  readonly body: Uint8Array
  /** Of the sender's keys, and of the keys of who pays the fee where that is another account. */
  readonly signatures: readonly TransactionSignature[]
}

export function readTransaction(reader: WireReader): Transaction {
  let body: Uint8Array = new Uint8Array(0)
  const signatures: TransactionSignature[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        body = reader.copy('Transaction.body', LIMITS.transactionBodyBytes)
        break
      case 18:
        reader.room('Transaction.signatures', signatures.length, LIMITS.transactionSignatures)
        signatures.push(reader.nested('Transaction.signatures', readTransactionSignature))
        break
      default:
        reader.refuse(tag)
    }
  }
  return { body, signatures }
}

export function writeTransaction(writer: WireWriter, value: Transaction): void {
  if (value.body.length > 0) writer.copy(10, value.body, 'Transaction.body', LIMITS.transactionBodyBytes)
  writer.items('Transaction.signatures', value.signatures.length, LIMITS.transactionSignatures)
  for (const item of value.signatures) writer.nested(18, item, writeTransactionSignature)
}

/** Codec of {@link Transaction}, at most `LIMITS.transactionBytes`. */
export const Transaction: Codec<Transaction> = /* @__PURE__ */ messageCodec('Transaction', LIMITS.transactionBytes, readTransaction, writeTransaction)

/** A signature of `neurovoyance/tx/1`, a zero byte, the length of the chain's id (one byte), the id, and the body. */
export interface TransactionSignature {
  /** The Ed25519 key that signed. */
  readonly publicKey: Uint8Array
  /** The signature (RFC 8032). */
  readonly signature: Uint8Array
}

export function readTransactionSignature(reader: WireReader): TransactionSignature {
  let publicKey: Uint8Array = new Uint8Array(0)
  let signature: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        publicKey = reader.copy('TransactionSignature.publicKey', LIMITS.publicKeyBytes)
        break
      case 18:
        signature = reader.copy('TransactionSignature.signature', LIMITS.signatureBytes)
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(publicKey, 'TransactionSignature.publicKey', LIMITS.publicKeyBytes)
  checkLength(signature, 'TransactionSignature.signature', LIMITS.signatureBytes)
  return { publicKey, signature }
}

export function writeTransactionSignature(writer: WireWriter, value: TransactionSignature): void {
  checkLength(value.publicKey, 'TransactionSignature.publicKey', LIMITS.publicKeyBytes)
  if (value.publicKey.length > 0) writer.copy(10, value.publicKey, 'TransactionSignature.publicKey', LIMITS.publicKeyBytes)
  checkLength(value.signature, 'TransactionSignature.signature', LIMITS.signatureBytes)
  if (value.signature.length > 0) writer.copy(18, value.signature, 'TransactionSignature.signature', LIMITS.signatureBytes)
}

/** What a transaction asks. All of its actions happen, or none. */
export interface TransactionBody {
  /** Version of this format: 1. */
  readonly version: number
  /** The account that asks. */
  readonly sender: Uint8Array
  /** Transactions that the account has made before. */
  readonly nonce: number
  /** The last height at which the transaction may happen. */
  readonly validUntil: number
  /** The account that pays the fee, where that is not the sender; it signs too. */
  readonly feePayer?: Uint8Array | undefined
  /** The most that the whole fee may be, tip included. */
  readonly maxFee: bigint
  /** What the proposer gets for every unit of weight, above the base fee that is burnt. */
  readonly tip: bigint
  /** A note for people. */
  readonly memo: string
  /** What is to happen, in this order. */
  readonly actions: readonly Action[]
  /** The sender's keys, in its first transaction: their hash is its address. */
  readonly keys?: KeySet | undefined
}

export function readTransactionBody(reader: WireReader): TransactionBody {
  let version: number = 0
  let sender: Uint8Array = new Uint8Array(0)
  let nonce: number = 0
  let validUntil: number = 0
  let feePayer: Uint8Array | undefined
  let maxFee: bigint = 0n
  let tip: bigint = 0n
  let memo: string = ''
  const actions: Action[] = []
  let keys: KeySet | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        version = reader.uint32('TransactionBody.version')
        break
      case 18:
        sender = reader.copy('TransactionBody.sender', LIMITS.hashBytes)
        break
      case 24:
        nonce = reader.varint('TransactionBody.nonce')
        break
      case 32:
        validUntil = reader.varint('TransactionBody.validUntil')
        break
      case 42:
        feePayer = reader.copy('TransactionBody.feePayer', LIMITS.hashBytes)
        break
      case 48:
        maxFee = reader.amount('TransactionBody.maxFee')
        break
      case 56:
        tip = reader.amount('TransactionBody.tip')
        break
      case 66:
        memo = reader.string('TransactionBody.memo', LIMITS.memoBytes)
        break
      case 74:
        reader.room('TransactionBody.actions', actions.length, LIMITS.actions)
        actions.push(reader.nested('TransactionBody.actions', readAction))
        break
      case 82:
        keys = reader.nested('TransactionBody.keys', readKeySet)
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(sender, 'TransactionBody.sender', LIMITS.hashBytes)
  if (feePayer !== undefined) checkLength(feePayer, 'TransactionBody.feePayer', LIMITS.hashBytes)
  return { version, sender, nonce, validUntil, feePayer, maxFee, tip, memo, actions, keys }
}

export function writeTransactionBody(writer: WireWriter, value: TransactionBody): void {
  if (value.version !== 0) writer.uint(8, value.version, 'TransactionBody.version', 0xffff_ffff)
  checkLength(value.sender, 'TransactionBody.sender', LIMITS.hashBytes)
  if (value.sender.length > 0) writer.copy(18, value.sender, 'TransactionBody.sender', LIMITS.hashBytes)
  if (value.nonce !== 0) writer.uint(24, value.nonce, 'TransactionBody.nonce', Number.MAX_SAFE_INTEGER)
  if (value.validUntil !== 0) writer.uint(32, value.validUntil, 'TransactionBody.validUntil', Number.MAX_SAFE_INTEGER)
  if (value.feePayer !== undefined) checkLength(value.feePayer, 'TransactionBody.feePayer', LIMITS.hashBytes)
  if (value.feePayer !== undefined) writer.copy(42, value.feePayer, 'TransactionBody.feePayer', LIMITS.hashBytes)
  if (value.maxFee !== 0n) writer.amount(48, value.maxFee, 'TransactionBody.maxFee')
  if (value.tip !== 0n) writer.amount(56, value.tip, 'TransactionBody.tip')
  if (value.memo !== '') writer.string(66, value.memo, 'TransactionBody.memo', LIMITS.memoBytes)
  writer.items('TransactionBody.actions', value.actions.length, LIMITS.actions)
  for (const item of value.actions) writer.nested(74, item, writeAction)
  if (value.keys !== undefined) writer.nested(82, value.keys, writeKeySet)
}

/** Codec of {@link TransactionBody}, at most `LIMITS.transactionBodyBytes`. */
export const TransactionBody: Codec<TransactionBody> = /* @__PURE__ */ messageCodec('TransactionBody', LIMITS.transactionBodyBytes, readTransactionBody, writeTransactionBody)

/** One thing that is to happen. */
export interface Action {
  /** Module and action: `accounts/transfer`. */
  readonly kind: string
  /** The action's own message, encoded. */
  readonly payload: Uint8Array
}

export function readAction(reader: WireReader): Action {
  let kind: string = ''
  let payload: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        kind = reader.string('Action.kind', LIMITS.actionKindBytes)
        break
      case 18:
        payload = reader.copy('Action.payload', LIMITS.actionBytes)
        break
      default:
        reader.refuse(tag)
    }
  }
  return { kind, payload }
}

export function writeAction(writer: WireWriter, value: Action): void {
  if (value.kind !== '') writer.string(10, value.kind, 'Action.kind', LIMITS.actionKindBytes)
  if (value.payload.length > 0) writer.copy(18, value.payload, 'Action.payload', LIMITS.actionBytes)
}
