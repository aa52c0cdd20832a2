import { type ErrorDetails, NeurovoyanceError } from '@neurovoyance/protocol'

/** Codes of the errors between this application and CometBFT. */
export type AbciErrorCode =
  | 'LEDGER_ABCI_MALFORMED'
  | 'LEDGER_ABCI_BAD_ADDRESS'
  | 'LEDGER_ABCI_WRONG_CHAIN'
  | 'LEDGER_ABCI_OUT_OF_ORDER'

/** An error between this application and CometBFT: the engine is told, and stops. */
export class AbciError extends NeurovoyanceError<AbciErrorCode> {
  override name = 'AbciError'
}

/** An {@link AbciError} in one line. */
export const abciError = (code: AbciErrorCode, message: string, details?: ErrorDetails): AbciError =>
  new AbciError(code, message, details === undefined ? {} : { details })
