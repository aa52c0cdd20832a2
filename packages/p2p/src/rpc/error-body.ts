import { errorCode, LIMITS, type Logger, NeurovoyanceError, RemoteError } from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'

const CODE = /^[A-Z][A-Z0-9_]{2,63}$/

/** A message is cut to this many characters, each of at most four bytes. */
const MESSAGE_CHARACTERS = LIMITS.textBytes / 4

const NO_DETAILS = '{}'

/**
 * The body of an error frame.
 *
 * Coded errors travel as they are. Others could name paths or hold secrets: they are logged here, and the
 * caller hears `P2P_REMOTE_INTERNAL`.
 */
export function encodeError(error: unknown, logger: Logger): Uint8Array {
  const code = errorCode(error)
  if (!(error instanceof Error) || code === undefined || !CODE.test(code) || !('details' in error)) {
    logger.error({ err: error }, 'A handler failed without a code')
    const message = 'The peer failed while it answered; its log says why.'
    return RemoteError.encode({ code: 'P2P_REMOTE_INTERNAL', message, detailsJson: NO_DETAILS })
  }
  const message = error.message.slice(0, MESSAGE_CHARACTERS)
  return RemoteError.encode({ code, message, detailsJson: detailsOf(error, logger) })
}

function detailsOf(error: { details?: unknown }, logger: Logger): string {
  try {
    const json = JSON.stringify(error.details) ?? NO_DETAILS
    if (json.length * 3 <= LIMITS.errorDetailsBytes) return json
    if (new TextEncoder().encode(json).length <= LIMITS.errorDetailsBytes) return json
  } catch (cause) {
    logger.warn({ err: cause }, 'The details of an error are not JSON and were left out')
  }
  return NO_DETAILS
}

/** The error that a peer reported; `P2P_MALFORMED` where its report is none. */
export function decodeError(body: Uint8Array, peerId: string): NeurovoyanceError {
  try {
    const { code, message, detailsJson } = RemoteError.decode(body)
    if (!CODE.test(code)) throw new Error(`"${code}" is no code`)
    const details: unknown = detailsJson === '' ? {} : JSON.parse(detailsJson)
    const known = typeof details === 'object' && details !== null && !Array.isArray(details) ? details : {}
    return new NeurovoyanceError(code, message, { details: { ...known, peerId } })
  } catch (cause) {
    return new P2pError(
      'P2P_MALFORMED',
      `The peer ${peerId} reported an error in a form that cannot be read.`,
      {
        details: { peerId },
        cause,
      },
    )
  }
}
