import { P2pError } from '../errors.js'

/** The error of work that its owner gave up. */
export function cancelledError(what: string, cause?: unknown): P2pError {
  return new P2pError('P2P_CANCELLED', `The ${what} of an artifact was cancelled.`, { cause })
}

/** Throws where `signal` has aborted. */
export function assertNotCancelled(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted === true) throw cancelledError(what, signal.reason)
}
