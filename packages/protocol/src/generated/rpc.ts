// Generated from proto/neurovoyance/rpc/v1/rpc.proto by `pnpm generate`: edit that file, not this one.
import { LIMITS } from '../limits.js'
import type { Codec } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'

/** The body of an error frame: the error that the other end met. */
export interface RemoteError {
  /** A stable code: "RUNTIME_DEADLINE_EXCEEDED". */
  readonly code: string
  /** What to do, for a person to read. */
  readonly message: string
  /** The details as a JSON object. */
  readonly detailsJson: string
}

export function readRemoteError(reader: WireReader): RemoteError {
  let code: string = ''
  let message: string = ''
  let detailsJson: string = ''
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        code = reader.string('RemoteError.code', LIMITS.nameBytes)
        break
      case 18:
        message = reader.string('RemoteError.message', LIMITS.textBytes)
        break
      case 26:
        detailsJson = reader.string('RemoteError.detailsJson', LIMITS.errorDetailsBytes)
        break
      default:
        reader.skip(tag)
    }
  }
  return { code, message, detailsJson }
}

export function writeRemoteError(writer: WireWriter, value: RemoteError): void {
  if (value.code !== '') writer.string(10, value.code, 'RemoteError.code', LIMITS.nameBytes)
  if (value.message !== '') writer.string(18, value.message, 'RemoteError.message', LIMITS.textBytes)
  if (value.detailsJson !== '') writer.string(26, value.detailsJson, 'RemoteError.detailsJson', LIMITS.errorDetailsBytes)
}

/** Codec of {@link RemoteError}, at most `LIMITS.errorBytes`. */
export const RemoteError: Codec<RemoteError> = /* @__PURE__ */ messageCodec('RemoteError', LIMITS.errorBytes, readRemoteError, writeRemoteError)
