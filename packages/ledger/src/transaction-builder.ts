import { type Action, type KeySet, Transaction, TransactionBody } from '@neurovoyance/protocol'
import { type AccountName, accountBytes } from './actions/account-name.js'
import { sha256 } from './core/crypto/sha256.js'
import { signedBytes, TRANSACTION_VERSION } from './core/machine/transaction.js'

/** Who signs a transaction: a key of its sender, or of who pays its fee. */
export interface TransactionSigner {
  readonly publicKey: Uint8Array
  sign(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>
}

/** What a transaction is made from. */
export interface TransactionInit {
  readonly chainId: string
  readonly sender: AccountName
  /** The sender's keys; needed in its first transaction alone. */
  readonly keys?: KeySet
  /** Transactions that the account has made before. */
  readonly nonce: number
  /** The last height at which it may happen. */
  readonly validUntil: number
  /** The most that the whole fee may be, tip included. */
  readonly maxFee: bigint
  /** What the proposer gets for every unit of weight; nothing when left out. */
  readonly tip?: bigint
  readonly memo?: string
  /** Who pays the fee, where that is another account; its keys sign too. */
  readonly feePayer?: AccountName
  readonly actions: readonly Action[]
  readonly signers: readonly TransactionSigner[]
}

/**
 * Makes and signs a transaction.
 *
 * @throws ProtocolError for what is larger than the limits allow, or an address that is none
 */
export async function buildTransaction(
  init: TransactionInit,
): Promise<{ id: Uint8Array; bytes: Uint8Array }> {
  const { chainId, sender, keys, nonce, validUntil, maxFee, tip = 0n, memo = '', feePayer, actions } = init
  const body = TransactionBody.encode({
    version: TRANSACTION_VERSION,
    sender: accountBytes(sender),
    nonce,
    validUntil,
    feePayer: feePayer === undefined ? undefined : accountBytes(feePayer),
    maxFee,
    tip,
    memo,
    actions,
    keys,
  })
  const message = signedBytes(chainId, body)
  const signatures = await Promise.all(
    init.signers.map(async signer => ({
      publicKey: signer.publicKey,
      signature: await signer.sign(message),
    })),
  )
  return { id: sha256(body), bytes: Transaction.encode({ body, signatures }) }
}
