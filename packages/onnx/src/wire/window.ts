import type { ByteSource } from '../source.js'

const SMALLEST_READ_BYTES = 4096
const LARGEST_READ_BYTES = 262_144

/**
 * A window over a source that moves forward. Reads grow while the reader walks on and shrink when it jumps,
 * so that skipping weights reads almost nothing and walking a graph reads in large pieces.
 */
export class ByteWindow {
  readonly size: number
  readonly #source: ByteSource
  #bytes: Uint8Array = new Uint8Array()
  #start = 0
  #readBytes = SMALLEST_READ_BYTES

  constructor(source: ByteSource) {
    this.size = source.size
    this.#source = source
  }

  /** `length` bytes from `offset` if they are in the window, without waiting. */
  peek(offset: number, length: number): Uint8Array | undefined {
    const from = offset - this.#start
    if (from < 0 || from + length > this.#bytes.byteLength) return undefined
    return this.#bytes.subarray(from, from + length)
  }

  /** Moves the window so that it holds `length` bytes from `offset`, which must be within the source. */
  async load(offset: number, length: number): Promise<Uint8Array> {
    const walksOn = offset <= this.#start + this.#bytes.byteLength && offset >= this.#start
    this.#readBytes = walksOn ? Math.min(this.#readBytes * 2, LARGEST_READ_BYTES) : SMALLEST_READ_BYTES
    const readBytes = Math.min(Math.max(length, this.#readBytes), this.size - offset)
    this.#bytes = await this.#source.read(offset, readBytes)
    this.#start = offset
    return this.#bytes.subarray(0, length)
  }
}
