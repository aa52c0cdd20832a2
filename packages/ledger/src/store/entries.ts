import { storeError } from './errors.js'

/** A key and its value; `undefined` where there is none. */
export type Entry = readonly [key: string, value: Uint8Array | undefined]

/** The longest key and value that the stores take from others: of a snapshot, say. */
export const ENTRY_LIMITS = { keyBytes: 1024, valueBytes: 2 ** 23 } as const

const HEAD_BYTES = 8
const ABSENT = 0xffff_ffff

/**
 * Writes entries one after another: length of the key and of the value (4 bytes each, little-endian, all ones for
 * no value), key in UTF-8, value.
 */
export class EntryWriter {
  #bytes: Buffer
  #length = 0

  constructor(firstBytes = 65_536) {
    this.#bytes = Buffer.allocUnsafeSlow(firstBytes)
  }

  get length(): number {
    return this.#length
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  entry(key: string, value: Uint8Array | undefined): void {
    this.#reserve(HEAD_BYTES + key.length * 3 + (value?.length ?? 0))
    const keyBytes = this.#bytes.write(key, this.#length + HEAD_BYTES)
    this.#bytes.writeUInt32LE(keyBytes, this.#length)
    this.#bytes.writeUInt32LE(value?.length ?? ABSENT, this.#length + 4)
    this.#length += HEAD_BYTES + keyBytes
    if (value !== undefined) this.raw(value)
  }

  /** What was written; the writer is empty afterwards and shares no memory with it. */
  take(): Uint8Array {
    const taken = new Uint8Array(this.#bytes.subarray(0, this.#length))
    this.#length = 0
    return taken
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes
    if (needed <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }
}

/**
 * The entries in `bytes` from `offset` on. Values are views of `bytes`.
 *
 * @throws StoreError `LEDGER_STORE_CORRUPT` where the bytes are not whole entries, or one is over its limit
 */
export function* readEntries(bytes: Uint8Array, offset = 0): Generator<Entry> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = offset
  while (at < bytes.length) {
    if (at + HEAD_BYTES > bytes.length) throw cut()
    const keyBytes = buffer.readUInt32LE(at)
    const valueBytes = buffer.readUInt32LE(at + 4)
    const valueAt = at + HEAD_BYTES + keyBytes
    const end = valueBytes === ABSENT ? valueAt : valueAt + valueBytes
    const tooLarge =
      keyBytes > ENTRY_LIMITS.keyBytes || (valueBytes > ENTRY_LIMITS.valueBytes && valueBytes !== ABSENT)
    if (tooLarge || end > bytes.length) throw cut()
    const key = buffer.toString('utf8', at + HEAD_BYTES, valueAt)
    yield [key, valueBytes === ABSENT ? undefined : bytes.subarray(valueAt, end)]
    at = end
  }
}

function cut(): Error {
  return storeError('LEDGER_STORE_CORRUPT', 'A list of entries is cut or damaged.')
}
