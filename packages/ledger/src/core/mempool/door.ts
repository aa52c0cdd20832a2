import { LIMITS, type TransactionBody } from '@neurovoyance/protocol'
import { ledgerError } from '../../errors.js'
import type { Machine } from '../machine/machine.js'
import type { Awaiting } from '../machine/module.js'
import type { OpenTransaction, SignatureCheck } from '../machine/transaction.js'

/**
 * Refuses what would wait too long: a pool has to be rid of it one day, whoever sent it.
 *
 * @throws LedgerError `LEDGER_EXPIRED`, `LEDGER_TOO_LATE`
 */
export function checkTerm({ validUntil }: Pick<TransactionBody, 'validUntil'>, height: number): void {
  if (validUntil < height) {
    throw ledgerError('LEDGER_EXPIRED', `it was valid until block ${validUntil}, and ${height} is next`)
  }
  const most = height + LIMITS.transactionTermBlocks
  if (validUntil > most) {
    const problem = `it would be valid until block ${validUntil}, and may be until ${most}: a transaction waits for ${LIMITS.transactionTermBlocks} blocks at most`
    throw ledgerError('LEDGER_TOO_LATE', problem, { validUntil, most })
  }
}

/**
 * The signatures within a transaction's actions. Whoever takes it in checks them by the platform's verifier: what that
 * refuses costs whoever judges the block twenty times as much, and a block may hold few of them.
 *
 * @throws LedgerError, ProtocolError for an action that cannot be read, or of which nobody knows who should have signed
 */
export function actionSignatures(
  rules: Machine,
  draft: Awaiting['draft'],
  { body, sender }: Pick<OpenTransaction, 'body' | 'sender'>,
): SignatureCheck[] {
  const context = { draft, chainId: rules.chainId, sender, nonce: body.nonce }
  return body.actions.flatMap(({ kind, payload }) => rules.ruleOf(kind).signature?.(context, payload) ?? [])
}
