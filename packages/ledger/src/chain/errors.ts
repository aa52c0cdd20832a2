import { type ErrorDetails, NeurovoyanceError } from '@neurovoyance/protocol'

/** Codes of the errors that a chain's node throws. */
export type ChainErrorCode =
  | 'LEDGER_CHAIN_OTHER_GENESIS'
  | 'LEDGER_CHAIN_NO_VALIDATORS'
  | 'LEDGER_CHAIN_INCOMPLETE'
  | 'LEDGER_CHAIN_CLOSED'
  | 'LEDGER_CHAIN_DIVERGED'
  | 'LEDGER_CHAIN_UNTRUSTED'
  | 'LEDGER_CHAIN_BAD_ANSWER'
  | 'LEDGER_CHAIN_TRANSACTION_GONE'
  | 'LEDGER_CHAIN_TRANSACTION_UNKNOWN'
  | 'LEDGER_SNAPSHOT_ROTATION'
  | 'LEDGER_SYNC_NO_SNAPSHOT'

/** An error of a chain's node: its folder is of another chain, or it is closed. */
export class ChainError extends NeurovoyanceError<ChainErrorCode> {
  override name = 'ChainError'
}

/** A {@link ChainError} in one line. */
export function chainError(
  code: ChainErrorCode,
  message: string,
  details?: ErrorDetails,
  cause?: unknown,
): ChainError {
  return new ChainError(code, message, { ...(details && { details }), cause })
}
