import { malformed, tooLarge } from '../errors.js'

const utf8 = new TextEncoder()
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER)
const INITIAL_BYTES = 4096
const LONE_SURROGATE = /\p{Surrogate}/u

/**
 * Writes protobuf's wire format: fields in the order of their numbers, defaults left out, so that equal messages
 * are equal bytes. What the reader would refuse is refused here, by the same limits.
 *
 * Encoders, generated or declared, are its only callers. `path` is the field's name for the error: `Offer.region`.
 */
export class WireWriter {
  private bytes = new Uint8Array(INITIAL_BYTES)
  private view = new DataView(this.bytes.buffer)
  private position = 0

  /** Starts a message over. */
  reset(): this {
    this.position = 0
    return this
  }

  /** What has been written, in a buffer of its own. */
  finish(): Uint8Array {
    return this.bytes.slice(0, this.position)
  }

  /** Bytes written so far. */
  get length(): number {
    return this.position
  }

  /** An unsigned integer up to 2^53 − 1. */
  varint(value: number): void {
    this.reserve(10)
    const { bytes } = this
    let rest = value
    while (rest > 0x7fff_ffff) {
      bytes[this.position++] = (rest % 128) | 0x80
      rest = Math.floor(rest / 128)
    }
    while (rest > 0x7f) {
      bytes[this.position++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    bytes[this.position++] = rest
  }

  /** A whole number field within 0 … `max`. */
  uint(tag: number, value: number, path: string, max: number): void {
    if (!Number.isSafeInteger(value) || value < 0 || value > max) {
      throw malformed(`${path} has to be a whole number from 0 to ${max}, not ${value}`, { field: path })
    }
    this.varint(tag)
    this.varint(value)
  }

  /** A whole number field within a limit. */
  atMost(tag: number, value: number, path: string, max: number): void {
    if (value > max) throw tooLarge(path, value, max, 'value')
    this.uint(tag, value, path, max)
  }

  /** A field with an amount of money, 0 … 2^63 − 1. */
  amount(tag: number, value: bigint, path: string): void {
    if (value < 0n || value >= 1n << 63n) {
      throw malformed(`${path} has to be from 0 to 2^63 − 1, not ${value}`, { field: path })
    }
    this.varint(tag)
    if (value <= MAX_SAFE) this.varint(Number(value))
    else this.longVarint(value)
  }

  /** A finite double field. */
  double(tag: number, value: number, path: string): void {
    if (!Number.isFinite(value))
      throw malformed(`${path} has to be a finite number, not ${value}`, { field: path })
    this.varint(tag)
    this.reserve(8)
    this.view.setFloat64(this.position, value, true)
    this.position += 8
  }

  /** A text field. */
  string(tag: number, value: string, path: string, maxBytes: number): void {
    if (value.length > maxBytes) throw tooLarge(path, value.length, maxBytes)
    this.varint(tag)
    const start = this.begin()
    this.reserve(value.length * 3)
    const { bytes } = this
    let position = this.position
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index)
      if (code >= 0x80) {
        if (LONE_SURROGATE.test(value))
          throw malformed(`${path} holds half of a surrogate pair`, { field: path })
        position = start + 1 + utf8.encodeInto(value, bytes.subarray(start + 1)).written
        break
      }
      bytes[position++] = code
    }
    this.position = position
    const length = position - start - 1
    if (length > maxBytes) throw tooLarge(path, length, maxBytes)
    this.finishLength(start)
  }

  /** A bytes field. */
  copy(tag: number, value: Uint8Array, path: string, maxBytes: number): void {
    if (value.length > maxBytes) throw tooLarge(path, value.length, maxBytes)
    this.varint(tag)
    this.varint(value.length)
    this.reserve(value.length)
    this.bytes.set(value, this.position)
    this.position += value.length
  }

  /** An embedded message. */
  nested<T>(tag: number, value: T, write: (writer: WireWriter, value: T) => void): void {
    this.varint(tag)
    const start = this.begin()
    write(this, value)
    this.finishLength(start)
  }

  /** Fails where a repeated field holds more than `maxItems`. */
  items(path: string, items: number, maxItems: number): void {
    if (items > maxItems) throw tooLarge(path, items, maxItems, 'items')
  }

  private longVarint(value: bigint): void {
    this.reserve(10)
    let rest = value
    for (; rest > 0x7fn; rest >>= 7n) this.bytes[this.position++] = Number(rest & 0x7fn) | 0x80
    this.bytes[this.position++] = Number(rest)
  }

  /** Leaves one byte for a length that is not known yet, enough for most. */
  private begin(): number {
    this.reserve(1)
    return this.position++
  }

  /** Writes the length of what follows `start`, moving it where the length takes more than one byte. */
  private finishLength(start: number): void {
    const length = this.position - start - 1
    if (length < 0x80) {
      this.bytes[start] = length
      return
    }
    const extra = varintBytes(length) - 1
    this.reserve(extra)
    this.bytes.copyWithin(start + 1 + extra, start + 1, this.position)
    this.position = start
    this.varint(length)
    this.position += length
  }

  private reserve(more: number): void {
    const needed = this.position + more
    if (needed <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2))
    grown.set(this.bytes.subarray(0, this.position))
    this.bytes = grown
    this.view = new DataView(grown.buffer)
  }
}

/** Bytes that a varint takes. */
function varintBytes(value: number): number {
  let bytes = 1
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) bytes++
  return bytes
}
