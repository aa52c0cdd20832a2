import { Commit, Header, ReceiptRecord, ValidatorSet } from '@neurovoyance/protocol'
import { sha256 } from '../crypto/sha256.js'
import type { Receipt } from '../machine/apply.js'
import { merkleRoot } from './merkle.js'

/** 32 zero bytes: the hash of what is not there. */
export const NO_HASH = new Uint8Array(32)

/** SHA-256 of an encoded header. */
export const headerHashOf = (header: Header): Uint8Array => sha256(Header.encode(header))

/** Root over the ids of a block's transactions, in their order. */
export const transactionsRootOf = (ids: readonly Uint8Array[]): Uint8Array => merkleRoot(ids)

/** Root over evidence as it travels. */
export const evidenceRootOf = (evidence: readonly Uint8Array[]): Uint8Array => merkleRoot(evidence)

/** Root over the receipts of a block. */
export const receiptsRootOf = (receipts: readonly Receipt[]): Uint8Array =>
  merkleRoot(receipts.map(encodeReceipt))

/** A receipt as validators agree on it: its place in the block, and nothing that is only there for people. */
export const encodeReceipt = (
  { id, code, fee, weight }: Pick<Receipt, 'id' | 'code' | 'fee' | 'weight'>,
  index: number,
): Uint8Array => ReceiptRecord.encode({ id, code: code ?? '', fee, weight, index })

/** SHA-256 of the encoded set, sorted by public key. */
export const validatorsHashOf = (set: ValidatorSet): Uint8Array => sha256(ValidatorSet.encode(set))

/** SHA-256 of the encoded commit; zeros where there is none. */
export const commitHashOf = (commit: Commit | undefined): Uint8Array =>
  commit === undefined ? NO_HASH : sha256(Commit.encode(commit))
