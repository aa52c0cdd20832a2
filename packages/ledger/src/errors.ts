import { type ErrorDetails, NeurovoyanceError } from '@neurovoyance/protocol'

/** Codes of the errors that the ledger's machine gives; modules of others bring their own. */
export type LedgerErrorCode =
  | 'LEDGER_BAD_TRANSACTION'
  | 'LEDGER_BAD_SIGNATURE'
  | 'LEDGER_WRONG_CHAIN'
  | 'LEDGER_WRONG_NONCE'
  | 'LEDGER_EXPIRED'
  | 'LEDGER_FEE_TOO_LOW'
  | 'LEDGER_INSUFFICIENT_FUNDS'
  | 'LEDGER_UNKNOWN_ACTION'
  | 'LEDGER_BAD_ACTION'
  | 'LEDGER_BAD_ADDRESS'
  | 'LEDGER_BAD_KEYS'
  | 'LEDGER_BAD_PARAMETERS'
  | 'LEDGER_BAD_GENESIS'
  | 'LEDGER_BAD_BLOCK'
  | 'LEDGER_BAD_COMMIT'
  | 'LEDGER_BAD_CONSENSUS_MESSAGE'
  | 'LEDGER_BAD_LIGHT_BLOCK'
  | 'LEDGER_BAD_PROOF'
  | 'LEDGER_LIGHT_EXPIRED'
  | 'LEDGER_LIGHT_FORK'
  | 'LEDGER_LIGHT_TOO_FAR'
  | 'LEDGER_BUSY'
  | 'LEDGER_BAD_EVIDENCE'
  | 'LEDGER_NOT_FOUND'
  | 'LEDGER_FORBIDDEN'
  | 'LEDGER_CONFLICT'
  | 'LEDGER_TOO_EARLY'
  | 'LEDGER_TOO_LATE'
  | 'LEDGER_TOO_SMALL'
  | 'LEDGER_TOO_LARGE'
  | 'LEDGER_WRONG_CHANNEL'
  | 'LEDGER_STALE_VOUCHER'
  | 'LEDGER_OVER_DEPOSIT'
  | 'LEDGER_UNKNOWN_VERSION'
  | 'LEDGER_MODULE_FAULT'
  | 'LEDGER_SUPPLY_BROKEN'

/** An error of the ledger: a transaction, block or proof that its rules do not allow. */
export class LedgerError extends NeurovoyanceError<LedgerErrorCode> {
  override name = 'LedgerError'
}

/** A {@link LedgerError} in one line. */
export function ledgerError(code: LedgerErrorCode, message: string, details?: ErrorDetails): LedgerError {
  return new LedgerError(code, message, details === undefined ? {} : { details })
}
