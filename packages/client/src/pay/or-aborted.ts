import { errorCode } from '@neurovoyance/protocol'
import { ClientError } from '../errors.js'

/**
 * Waits for work that others wait for, too; it goes on when the signal aborts.
 *
 * @throws ClientError `CLIENT_CANCELLED` when the signal aborts; the signal's reason where that has a code of its own, as
 * a client has that closes
 */
export function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = () =>
      reject(errorCode(signal.reason) === undefined ? cancelled(signal.reason) : signal.reason)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

const cancelled = (cause: unknown): ClientError =>
  new ClientError('CLIENT_CANCELLED', 'the request was cancelled by its caller', { cause })
