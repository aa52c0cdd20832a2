import { allocateExact } from '../rpc/allocate.js'
import { BLOCK_BYTES } from './unixfs/block.js'

/** Buffers of one block each that are filled again and again, so that a download does not leave a trail of them. */
export class BufferPool {
  readonly #free: Uint8Array[] = []

  readonly take = (byteLength: number): Uint8Array => {
    if (byteLength !== BLOCK_BYTES) return allocateExact(byteLength)
    return this.#free.pop() ?? allocateExact(byteLength)
  }

  giveBack(buffer: Uint8Array): void {
    if (buffer.length === BLOCK_BYTES) this.#free.push(buffer)
  }
}
