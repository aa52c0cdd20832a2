import { BLOCK_BYTES } from './unixfs/block.js'

/**
 * Buffers of one block each, in memory that threads share, filled again and again: a download neither copies blocks
 * to hash them nor leaves a trail of them.
 */
export class BufferPool {
  readonly #free: Uint8Array[] = []

  readonly take = (byteLength: number): Uint8Array => {
    const used = byteLength === BLOCK_BYTES ? this.#free.pop() : undefined
    return used ?? new Uint8Array(new SharedArrayBuffer(byteLength))
  }

  giveBack(buffer: Uint8Array): void {
    if (buffer.length === BLOCK_BYTES) this.#free.push(buffer)
  }
}
