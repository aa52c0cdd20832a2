import { type ByteSource, bytesSource } from '../src/index.js'

/** A source over bytes that counts what is read from it. */
export function countingSource(bytes: Uint8Array): ByteSource & { readBytes: number; largestRead: number } {
  const inner = bytesSource(bytes)
  return {
    size: inner.size,
    readBytes: 0,
    largestRead: 0,
    read(offset, length) {
      this.readBytes += length
      this.largestRead = Math.max(this.largestRead, length)
      return inner.read(offset, length)
    },
  }
}
