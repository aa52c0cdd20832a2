import { abciError } from '../errors.js'

/** The longest length that is read: seven bits a byte. */
const LENGTH_BYTES = 5

/**
 * Cuts a stream into frames: an unsigned varint for the length, then so many bytes. A length over the limit is
 * refused before anything is kept for it.
 */
export class FrameReader {
  readonly #maxBytes: number
  #chunks: Uint8Array[] = []
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /**
   * The frames that are whole with this chunk.
   *
   * @throws AbciError `LEDGER_ABCI_MALFORMED`
   */
  *take(chunk: Uint8Array): Generator<Uint8Array> {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    for (;;) {
      const length = this.#length()
      if (length === undefined || this.#bytes < length.size + length.value) return
      const joined = this.#joined()
      const end = length.size + length.value
      this.#chunks = [joined.subarray(end)]
      this.#bytes -= end
      yield joined.subarray(length.size, end)
    }
  }

  /** The length that comes next, once all of its bytes are there. */
  #length(): { value: number; size: number } | undefined {
    if (this.#bytes === 0) return undefined
    if (this.#chunks[0]!.length < LENGTH_BYTES && this.#chunks.length > 1) this.#joined()
    const first = this.#chunks[0]!
    let value = 0
    for (let size = 1; size <= LENGTH_BYTES; size++) {
      const byte = first[size - 1]
      if (byte === undefined) return undefined
      value += (byte & 0x7f) * 2 ** (7 * (size - 1))
      if (byte < 0x80) {
        if (value > this.#maxBytes) break
        return { value, size }
      }
    }
    throw abciError('LEDGER_ABCI_MALFORMED', `a message has more than ${this.#maxBytes} bytes`)
  }

  #joined(): Uint8Array {
    if (this.#chunks.length === 1) return this.#chunks[0]!
    const joined = new Uint8Array(this.#bytes)
    let at = 0
    for (const chunk of this.#chunks) {
      joined.set(chunk, at)
      at += chunk.length
    }
    this.#chunks = [joined]
    return joined
  }
}

/** A message as a frame. */
export function frame(message: Uint8Array): Uint8Array {
  const head: number[] = []
  let rest = message.length
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) head.push((rest % 128) | 0x80)
  head.push(rest)
  const bytes = new Uint8Array(head.length + message.length)
  bytes.set(head)
  bytes.set(message, head.length)
  return bytes
}
