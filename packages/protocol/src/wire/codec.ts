import { tooLarge } from '../errors.js'
import type { Codec } from '../rpc/service.js'
import { WireReader } from './reader.js'
import { WireWriter } from './writer.js'

/** A writer that served a message larger than this is not kept for the next one. */
const KEPT_WRITER_BYTES = 64 * 1024

let spareWriter: WireWriter | undefined

/**
 * A codec of messages that travel by themselves: the size is checked first, before anything is parsed.
 *
 * @throws ProtocolError `PROTOCOL_TOO_LARGE` over a limit, `PROTOCOL_MALFORMED` for anything else, either way
 */
export function messageCodec<T>(
  name: string,
  maxBytes: number,
  read: (reader: WireReader) => T,
  write: (writer: WireWriter, value: T) => void,
): Codec<T> {
  return {
    encode(value) {
      // Taken out while in use: an encode that throws half-way or nests leaves no half-written writer behind.
      const writer = spareWriter?.reset() ?? new WireWriter()
      spareWriter = undefined
      write(writer, value)
      if (writer.length > maxBytes) throw tooLarge(name, writer.length, maxBytes)
      const bytes = writer.finish()
      if (writer.length <= KEPT_WRITER_BYTES) spareWriter = writer
      return bytes
    },
    decode(bytes) {
      if (bytes.length > maxBytes) throw tooLarge(name, bytes.length, maxBytes)
      return read(new WireReader(bytes))
    },
  }
}
