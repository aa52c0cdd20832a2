import { type ErrorDetails, NeurovoyanceError } from '@neurovoyance/protocol'

/** Codes of the errors that the stores throw. */
export type StoreErrorCode =
  | 'LEDGER_STORE_IN_USE'
  | 'LEDGER_STORE_FAILED'
  | 'LEDGER_STORE_CORRUPT'
  | 'LEDGER_STORE_WRONG_HEIGHT'
  | 'LEDGER_STORE_NO_UNDO'
  | 'LEDGER_STORE_NOT_EMPTY'
  | 'LEDGER_SNAPSHOT_INVALID'

/** An error of a store: it cannot be opened, written, rolled back or filled from a snapshot. */
export class StoreError extends NeurovoyanceError<StoreErrorCode> {
  override name = 'StoreError'
}

/** A {@link StoreError} in one line. */
export function storeError(
  code: StoreErrorCode,
  message: string,
  details?: ErrorDetails,
  cause?: unknown,
): StoreError {
  return new StoreError(code, message, { ...(details && { details }), cause })
}
