/** Details that an error carries beside its message: plain JSON, no secrets. */
export type ErrorDetails = Readonly<Record<string, unknown>>

/** What every Neurovoyance error is made from. */
export interface ErrorInit<Details extends ErrorDetails = ErrorDetails> {
  /** Facts a program can act on (names, limits, paths). */
  details?: Details
  /** The error that led to this one. */
  cause?: unknown
}

/**
 * The base of every error that a Neurovoyance package throws.
 *
 * Match on `code` (`PROTOCOL_FRAME_TOO_LARGE`, `P2P_DEADLINE_EXCEEDED`, …): codes are stable,
 * messages are for people and say what to do.
 */
export class NeurovoyanceError<
  Code extends string = string,
  Details extends ErrorDetails = ErrorDetails,
> extends Error {
  override name = 'NeurovoyanceError'
  readonly code: Code
  readonly details: Details

  constructor(code: Code, message: string, init: ErrorInit<Details> = {}) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause })
    this.code = code
    this.details = init.details ?? ({} as Details)
  }

  /** The error as JSON, for `--json` output and error frames; the cause and stack stay here. */
  toJSON(): { code: Code; message: string; details: Details } {
    return { code: this.code, message: this.message, details: this.details }
  }
}

/** The `code` of any error, or `undefined` where it has none. */
export function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code
  return typeof code === 'string' ? code : undefined
}

/** Codes of the errors that this package throws. */
export type ProtocolErrorCode =
  | 'PROTOCOL_MALFORMED'
  | 'PROTOCOL_TOO_LARGE'
  | 'PROTOCOL_UNSUPPORTED_VERSION'
  | 'PROTOCOL_BAD_SIGNATURE'
  | 'PROTOCOL_WRONG_DOMAIN'
  | 'PROTOCOL_BAD_ID'
  | 'PROTOCOL_BAD_TENSOR'

/** An error of the wire: bytes that are malformed, too large, of a wrong version or wrongly signed. */
export class ProtocolError extends NeurovoyanceError<ProtocolErrorCode> {
  override name = 'ProtocolError'
}

/** Bytes or a value that the format does not allow. */
export function malformed(message: string, details?: ErrorDetails, cause?: unknown): ProtocolError {
  return new ProtocolError('PROTOCOL_MALFORMED', message, { ...(details && { details }), cause })
}

/** Something that is larger than its limit; nothing was allocated for it. */
export function tooLarge(
  what: string,
  actual: number,
  limit: number,
  unit: 'bytes' | 'items' | 'value' = 'bytes',
): ProtocolError {
  const size = unit === 'value' ? `is ${actual}` : `has ${actual} ${unit}`
  const message = `${what} ${size}, the limit is ${limit}`
  return new ProtocolError('PROTOCOL_TOO_LARGE', message, { details: { what, actual, limit, unit } })
}
