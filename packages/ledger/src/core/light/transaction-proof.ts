import { ReceiptRecord, Transaction, type TransactionProof } from '@neurovoyance/protocol'
import { ledgerError } from '../../errors.js'
import { encodeReceipt } from '../block/hashes.js'
import { isUnderRoot, merkleProof, sameBytes } from '../block/merkle.js'
import { sha256 } from '../crypto/sha256.js'
import { idOf } from '../hex.js'
import type { Receipt } from '../machine/apply.js'

/** What a proof needs of each transaction of a block. */
type Received = Pick<Receipt, 'id' | 'code' | 'fee' | 'weight'>

/** Shows what became of the transaction at a place of a block. */
export function transactionProof(block: readonly Received[], index: number): TransactionProof {
  const receipts = block.map(encodeReceipt)
  return {
    receipt: receipts[index]!,
    receiptSiblings: [...merkleProof(receipts, index)],
    transactionSiblings: [
      ...merkleProof(
        block.map(({ id }) => id),
        index,
      ),
    ],
  }
}

/** What somebody says became of a transaction, and what is to show it. */
export interface ClaimedTransaction {
  /** Its id. */
  readonly id: Uint8Array
  readonly index: number
  /** Empty where it had an effect. */
  readonly code: string
  readonly fee: bigint
  /** Encoded; empty where it was not given. */
  readonly transaction: Uint8Array
  readonly proof: TransactionProof
}

/** Roots of headers that a light client checked. */
export interface ShownRoots {
  /** `transactionsRoot` of the header of the transaction's block. */
  readonly transactionsRoot: Uint8Array
  /** `receiptsRoot` of the header after it. */
  readonly receiptsRoot: Uint8Array
}

/**
 * Checks what became of a transaction: that its id is in the block, and its receipt among those that the next header
 * shows, both at one place.
 *
 * @returns the receipt
 * @throws LedgerError `LEDGER_BAD_PROOF`; ProtocolError where the receipt or the transaction is malformed
 */
export function checkTransactionProof(claim: ClaimedTransaction, roots: ShownRoots): ReceiptRecord {
  const { id, index, code, fee, transaction, proof } = claim
  const receipt = ReceiptRecord.decode(proof.receipt)
  if (!sameBytes(receipt.id, id)) throw unproven(id, 'its receipt is of another')
  if (receipt.index !== index || receipt.code !== code || receipt.fee !== fee)
    throw unproven(id, 'its receipt says otherwise')
  if (!isUnderRoot(roots.transactionsRoot, id, index, proof.transactionSiblings))
    throw unproven(id, 'it is not in that block')
  if (!isUnderRoot(roots.receiptsRoot, proof.receipt, index, proof.receiptSiblings))
    throw unproven(id, 'its receipt is not under the header after its block')
  if (transaction.length > 0 && !sameBytes(sha256(Transaction.decode(transaction).body), id))
    throw unproven(id, 'what was given for it is another')
  return receipt
}

const unproven = (id: Uint8Array, problem: string) =>
  ledgerError('LEDGER_BAD_PROOF', `what became of transaction ${idOf(id)} is not shown: ${problem}`)
