import { limitExceeded, malformed } from './rejection.js'

interface Extent {
  readonly start: number
  readonly storeStart: number
  end: number
}

/** A file with holes: the parts that were kept lie in memory, addressed by their offset in the file. */
export class SparseBytes {
  readonly #maxBytes: number
  readonly #extents: Extent[] = []
  #store = new Uint8Array(16_384)
  #used = 0
  #current: Extent | undefined

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Bytes kept. */
  get keptBytes(): number {
    return this.#used
  }

  /** Throws `ONNX_LIMIT_EXCEEDED` where `length` more bytes are more than may be kept. */
  assertRoom(length: number): void {
    if (length > this.#maxBytes - this.#used) {
      throw limitExceeded(
        'bytes of graph without weights',
        'maxGraphBytes',
        this.#maxBytes,
        this.#used + length,
      )
    }
  }

  /** Keeps a copy of `bytes`, which lie at `offset` of the file; offsets never go back. */
  keep(offset: number, bytes: Uint8Array): void {
    this.assertRoom(bytes.byteLength)
    this.#reserve(this.#used + bytes.byteLength)
    this.#store.set(bytes, this.#used)
    const last = this.#extents.at(-1)
    if (last?.end === offset) last.end += bytes.byteLength
    else this.#extents.push({ start: offset, end: offset + bytes.byteLength, storeStart: this.#used })
    this.#used += bytes.byteLength
  }

  /** A view of `length` kept bytes from `offset`; throws `ONNX_MALFORMED` where they lie in a hole. */
  view(offset: number, length: number): Uint8Array {
    const extent = this.#extentAt(offset)
    if (extent === undefined || offset + length > extent.end) {
      if (length === 0) return new Uint8Array()
      throw malformed(`a field at byte ${offset} is larger than it may be`, { offset, length })
    }
    const from = extent.storeStart + offset - extent.start
    return this.#store.subarray(from, from + length)
  }

  /** Up to `length` kept bytes from `offset`: fewer where a hole comes first. */
  head(offset: number, length: number): Uint8Array {
    const extent = this.#extentAt(offset)
    return extent === undefined ? new Uint8Array() : this.view(offset, Math.min(length, extent.end - offset))
  }

  #extentAt(offset: number): Extent | undefined {
    const current = this.#current
    if (current !== undefined && offset >= current.start && offset < current.end) return current
    let low = 0
    let high = this.#extents.length - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      const extent = this.#extents[middle]!
      if (offset < extent.start) high = middle - 1
      else if (offset >= extent.end) low = middle + 1
      else {
        this.#current = extent
        return extent
      }
    }
    return undefined
  }

  #reserve(length: number): void {
    if (length <= this.#store.byteLength) return
    const larger = new Uint8Array(Math.max(length, Math.min(this.#store.byteLength * 2, this.#maxBytes)))
    larger.set(this.#store.subarray(0, this.#used))
    this.#store = larger
  }
}
