import { Block, type Commit, type Header } from '@neurovoyance/protocol'
import { ledgerError } from '../../errors.js'
import { type OpenInit, type OpenTransaction, openTransaction } from '../machine/transaction.js'
import { type ChainHead, linksOf } from './assemble.js'
import { commitHashOf, evidenceRootOf, headerHashOf, transactionsRootOf } from './hashes.js'
import { sameBytes } from './merkle.js'

/** A block that was read and fits together; whether it fits the chain is `checkLinks`. */
export interface OpenBlock {
  readonly header: Header
  readonly headerHash: Uint8Array
  readonly transactions: readonly OpenTransaction[]
  /** As they travelled. */
  readonly transactionBytes: readonly Uint8Array[]
  readonly evidence: readonly Uint8Array[]
  readonly lastCommit: Commit | undefined
}

const badBlock = (problem: string) => ledgerError('LEDGER_BAD_BLOCK', `the block may not be: ${problem}`)

/**
 * Reads a block and its transactions and checks that they are what the header says.
 *
 * @param open opens a transaction, or gives one that was opened before; `openTransaction` when left out
 * @throws ProtocolError for bytes that are no block or transaction
 * @throws LedgerError `LEDGER_BAD_BLOCK`, and what `openTransaction` throws
 */
export function openBlock(
  bytes: Uint8Array,
  init: OpenInit,
  open: (transaction: Uint8Array) => OpenTransaction = item => openTransaction(item, init),
): OpenBlock {
  const { header, transactions: transactionBytes, evidence, lastCommit } = Block.decode(bytes)
  if (header === undefined) throw badBlock('it has no header')
  if (header.chainId !== init.chainId) throw badBlock(`it is of chain ${header.chainId}`)
  const transactions = transactionBytes.map(open)
  const ids = transactions.map(({ id }) => id)
  if (!sameBytes(header.transactionsRoot, transactionsRootOf(ids)))
    throw badBlock('its transactions are others')
  if (!sameBytes(header.evidenceRoot, evidenceRootOf(evidence))) throw badBlock('its evidence is another')
  if (!sameBytes(header.lastCommitHash, commitHashOf(lastCommit))) throw badBlock('its commit is another')
  return { header, headerHash: headerHashOf(header), transactions, transactionBytes, evidence, lastCommit }
}

/**
 * Checks that a block comes after `head`, at a time that the ledger's clock allows.
 *
 * @throws LedgerError `LEDGER_BAD_BLOCK`
 */
export function checkLinks(head: ChainHead, header: Header, heartbeatMs: number): void {
  for (const [field, due] of Object.entries(linksOf(head))) {
    const actual = header[field as keyof Header]
    const same =
      due instanceof Uint8Array ? actual instanceof Uint8Array && sameBytes(actual, due) : actual === due
    if (!same) throw badBlock(`its ${field} does not follow from block ${head.height}`)
  }
  const most = head.timeMs + 2 * heartbeatMs
  if (header.timeMs <= head.timeMs || header.timeMs > most) {
    throw badBlock(`its time is ${header.timeMs}, and has to be after ${head.timeMs} and not after ${most}`)
  }
}
