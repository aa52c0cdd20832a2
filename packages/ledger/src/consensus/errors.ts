import { type ErrorDetails, NeurovoyanceError } from '@neurovoyance/protocol'

/** Codes of the errors that a validator's machinery throws. */
export type ConsensusErrorCode =
  | 'LEDGER_CONSENSUS_BAD_RECORD'
  | 'LEDGER_SIGNER_MISSING'
  | 'LEDGER_SIGNER_EXISTS'
  | 'LEDGER_SIGNER_DAMAGED'
  | 'LEDGER_SIGNER_WRONG_CHAIN'
  | 'LEDGER_SIGNER_STALE'

/** An error of a validator's own files: starting all the same might make it sign twice. */
export class ConsensusError extends NeurovoyanceError<ConsensusErrorCode> {
  override name = 'ConsensusError'
}

/** A {@link ConsensusError} in one line. */
export function consensusError(
  code: ConsensusErrorCode,
  message: string,
  details?: ErrorDetails,
  cause?: unknown,
): ConsensusError {
  return new ConsensusError(code, message, { ...(details && { details }), cause })
}

/** An entry of a log, or of a signer's state, that cannot be used. */
export function badRecord(problem: string): ConsensusError {
  return consensusError('LEDGER_CONSENSUS_BAD_RECORD', problem)
}
