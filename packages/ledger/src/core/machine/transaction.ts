import { Transaction, TransactionBody } from '@neurovoyance/protocol'
import { ledgerError } from '../../errors.js'
import { signingPrefix } from '../crypto/domains.js'
import { sha256 } from '../crypto/sha256.js'
import type { Verify } from '../crypto/zip215.js'
import { type Id, idOf } from '../hex.js'

/** Version of the transactions' format. */
export const TRANSACTION_VERSION = 1

/** What a signature weighs in a fee, beside its bytes. */
const SIGNATURE_WEIGHT = 160

/** A transaction that was read and whose signatures hold; whether it may happen depends on the state. */
export interface OpenTransaction {
  /** SHA-256 of its body. */
  readonly id: Uint8Array
  readonly body: TransactionBody
  readonly sender: Id
  /** The account that pays the fee. */
  readonly payer: Id
  /** The keys that signed. */
  readonly signers: ReadonlySet<Id>
  /** What its bytes and signatures weigh; actions come on top. */
  readonly weight: number
}

/** The bytes that are signed for a body. */
export function signedBytes(chainId: string, body: Uint8Array): Uint8Array {
  const prefix = signingPrefix('neurovoyance/tx/1', chainId)
  const bytes = new Uint8Array(prefix.length + body.length)
  bytes.set(prefix)
  bytes.set(body, prefix.length)
  return bytes
}

/** A signature that a transaction rests on. */
export interface SignatureCheck {
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  readonly signature: Uint8Array
}

/** A transaction that was read, and the signatures that have to hold. */
export interface ReadTransaction {
  readonly transaction: OpenTransaction
  /** Made when they are asked for: of a block that others have checked nobody does. */
  readonly checks: readonly SignatureCheck[]
}

/** What transactions are read with. */
export interface ReadInit {
  readonly chainId: string
  /** SHA-256, by the platform where that is faster. */
  readonly hash?: (bytes: Uint8Array) => Uint8Array
}

/** What transactions are opened with. */
export interface OpenInit extends ReadInit {
  readonly verify: Verify
}

/**
 * Reads a transaction, of which the signatures are still to be checked.
 *
 * @throws ProtocolError `PROTOCOL_MALFORMED`, `PROTOCOL_TOO_LARGE` for bytes that are none
 * @throws LedgerError `LEDGER_BAD_TRANSACTION`; `LEDGER_BAD_SIGNATURE` where one key signed twice
 */
export function readTransaction(bytes: Uint8Array, { chainId, hash = sha256 }: ReadInit): ReadTransaction {
  const { body: signed, signatures } = Transaction.decode(bytes)
  const body = TransactionBody.decode(signed)
  if (body.version !== TRANSACTION_VERSION) {
    throw ledgerError('LEDGER_BAD_TRANSACTION', `version ${body.version} is not ${TRANSACTION_VERSION}`)
  }
  if (body.actions.length === 0) throw ledgerError('LEDGER_BAD_TRANSACTION', 'it asks for nothing')
  const signers = new Set<Id>()
  for (const { publicKey } of signatures) {
    const key = idOf(publicKey)
    if (signers.has(key)) throw ledgerError('LEDGER_BAD_SIGNATURE', `${key} signed twice`)
    signers.add(key)
  }
  const sender = idOf(body.sender)
  const transaction = {
    id: hash(signed),
    body,
    sender,
    payer: body.feePayer === undefined ? sender : idOf(body.feePayer),
    signers,
    weight: bytes.length + SIGNATURE_WEIGHT * signatures.length,
  }
  return {
    transaction,
    get checks() {
      const message = signedBytes(chainId, signed)
      return signatures.map(({ publicKey, signature }) => ({ publicKey, message, signature }))
    },
  }
}

/**
 * Reads a transaction and checks its signatures.
 *
 * @throws ProtocolError `PROTOCOL_MALFORMED`, `PROTOCOL_TOO_LARGE` for bytes that are none
 * @throws LedgerError `LEDGER_BAD_TRANSACTION`, `LEDGER_BAD_SIGNATURE`
 */
export function openTransaction(bytes: Uint8Array, init: OpenInit): OpenTransaction {
  const { transaction, checks } = readTransaction(bytes, init)
  for (const { publicKey, message, signature } of checks) {
    if (!init.verify(publicKey, message, signature)) throw badSignature(publicKey, init.chainId)
  }
  return transaction
}

/** A signature that does not hold. */
export const badSignature = (publicKey: Uint8Array, chainId: string) =>
  ledgerError(
    'LEDGER_BAD_SIGNATURE',
    `the signature of ${idOf(publicKey)} does not hold on chain ${chainId}`,
    {
      key: idOf(publicKey),
    },
  )
