import { ALIGNMENT_BYTES, decodeHeader, decodePrefix, PREFIX_BYTES, type Prefix } from './framing.js'
import type { Received } from './messages.js'

/**
 * The parent's end: takes the pipe's chunks as they come and calls `onMessage` for each message in them.
 * A message that lies in one chunk is not copied; a larger one is gathered in a buffer of its exact size.
 *
 * @param allocate  makes that buffer, once the prefix's sizes are known to be within the limits
 * @throws RuntimeError RUNTIME_BAD_MESSAGE
 */
export function createMessageReader<Header>(
  onMessage: (message: Received<Header>) => void,
  allocate: (bytes: number) => Uint8Array = bytes => new Uint8Array(bytes),
): (chunk: Uint8Array) => void {
  const prefixBytes = new Uint8Array(PREFIX_BYTES)
  let prefixFilled = 0
  let prefix: Prefix | undefined
  let gathered: Uint8Array | undefined
  let gatheredFilled = 0

  function deliver(bytes: Uint8Array, { headerBytes }: Prefix): void {
    onMessage({
      header: decodeHeader<Header>(bytes.subarray(0, headerBytes)),
      body: bytes.subarray(headerBytes),
    })
  }

  return chunk => {
    let offset = 0
    while (offset < chunk.byteLength) {
      if (prefix === undefined) {
        const part = chunk.subarray(offset, offset + PREFIX_BYTES - prefixFilled)
        prefixBytes.set(part, prefixFilled)
        prefixFilled += part.byteLength
        offset += part.byteLength
        if (prefixFilled < PREFIX_BYTES) return
        prefix = decodePrefix(prefixBytes, 0)
        prefixFilled = 0
      }
      const bytes = prefix.headerBytes + prefix.bodyBytes
      const aligned = (chunk.byteOffset + offset) % ALIGNMENT_BYTES === 0
      if (gathered === undefined && aligned && chunk.byteLength - offset >= bytes) {
        const whole = chunk.subarray(offset, offset + bytes)
        offset += bytes
        const current = prefix
        prefix = undefined
        deliver(whole, current)
        continue
      }
      gathered ??= allocate(bytes)
      const part = chunk.subarray(offset, offset + bytes - gatheredFilled)
      gathered.set(part, gatheredFilled)
      gatheredFilled += part.byteLength
      offset += part.byteLength
      if (gatheredFilled < bytes) return
      const whole = gathered
      const current = prefix
      prefix = gathered = undefined
      gatheredFilled = 0
      deliver(whole, current)
    }
  }
}
