/** Records in a file: length (4 bytes, little-endian), CRC-32 of the payload (4 bytes), payload. */
import { crc32 } from 'node:zlib'

const HEAD_BYTES = 8

/** A record in its frame. */
export function frame(payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES + payload.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, payload.length, true)
  view.setUint32(4, crc32(payload), true)
  bytes.set(payload, HEAD_BYTES)
  return bytes
}

/** The records up to the first that is torn or damaged, and how many bytes they take. */
export function readFrames(
  bytes: Uint8Array,
  maxBytes: number,
): { payloads: Uint8Array[]; goodBytes: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const payloads: Uint8Array[] = []
  let at = 0
  while (at + HEAD_BYTES <= bytes.length) {
    const length = view.getUint32(at, true)
    const end = at + HEAD_BYTES + length
    // A file that was extended and never written ends in zeros: no record is empty.
    if (length === 0 || length > maxBytes || end > bytes.length) break
    const payload = bytes.subarray(at + HEAD_BYTES, end)
    if (crc32(payload) !== view.getUint32(at + 4, true)) break
    payloads.push(payload)
    at = end
  }
  return { payloads, goodBytes: at }
}
