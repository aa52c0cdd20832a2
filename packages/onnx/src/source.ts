import { OnnxError } from './errors.js'

/** Random access to bytes that need not be in memory: a file, a blob, a range server. */
export interface ByteSource {
  /** Length in bytes. */
  readonly size: number
  /** Exactly `length` bytes from `offset`; rejects where they are not all there. */
  read(offset: number, length: number): Promise<Uint8Array>
}

/** A source over bytes in memory; reads are views, not copies. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.byteLength,
    async read(offset, length) {
      assertRange(bytes.byteLength, offset, length)
      return bytes.subarray(offset, offset + length)
    },
  }
}

/** A source over a `Blob` or `File` of a browser. */
export function blobSource(blob: Blob): ByteSource {
  return {
    size: blob.size,
    async read(offset, length) {
      assertRange(blob.size, offset, length)
      return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer())
    },
  }
}

/** Throws `ONNX_READ_FAILED` unless `[offset, offset + length)` lies within `size` bytes. */
export function assertRange(size: number, offset: number, length: number): void {
  const fits = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0
  if (fits && length <= size - offset) return
  throw new OnnxError('ONNX_READ_FAILED', `cannot read ${length} bytes at ${offset} of ${size}`, {
    details: { offset, length, size },
  })
}
