import type { Sha256 } from './sha256.js'

const UTF8 = new TextEncoder()

/**
 * Feeds a hash with values so that no two sequences of values feed it the same bytes: integers and lengths
 * are 64 bits little-endian, and text and bytes come behind their length.
 */
export class CanonicalWriter {
  readonly #hash: Sha256
  readonly #word = new Uint8Array(8)
  readonly #view = new DataView(this.#word.buffer)

  constructor(hash: Sha256) {
    this.#hash = hash
  }

  /** An integer, as 64 bits of two's complement. */
  integer(value: number | bigint): void {
    this.#view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true)
    this.#hash.update(this.#word)
  }

  /** A float's 32 bits, so that −0 and 0 differ. */
  float(value: number): void {
    const bits = new DataView(new ArrayBuffer(4))
    bits.setFloat32(0, value, true)
    this.integer(bits.getUint32(0, true))
  }

  bytes(bytes: Uint8Array): void {
    this.integer(bytes.byteLength)
    this.#hash.update(bytes)
  }

  text(text: string): void {
    this.bytes(UTF8.encode(text))
  }

  texts(texts: readonly string[]): void {
    this.integer(texts.length)
    for (const text of texts) this.text(text)
  }
}
