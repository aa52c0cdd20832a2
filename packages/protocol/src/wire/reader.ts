import { malformed, tooLarge } from '../errors.js'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const SHORT_TEXT_BYTES = 96

/**
 * Reads protobuf's wire format from bytes it does not trust. It allocates nothing that is not already backed by
 * bytes at hand, so what a message can cost is bounded by its size, and its size is checked first.
 *
 * Decoders, generated or declared, are its only callers. `path` is the field's name for the error: `Offer.region`.
 */
export class WireReader {
  readonly bytes: Uint8Array
  /** The next byte to read. */
  position = 0
  /** Where the message that is being read ends. */
  end: number

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.end = bytes.length
  }

  /** A field's tag: its number times eight plus its wire type. */
  tag(): number {
    const tag = this.varint('tag')
    if (tag < 8 || tag > 0xffff_ffff) throw malformed('a field has no valid number', { tag })
    return tag
  }

  /** An unsigned integer that a JavaScript number holds exactly. */
  varint(path: string): number {
    const { bytes, end } = this
    let position = this.position
    let value = 0
    let scale = 1
    for (let index = 0; index < 10; index++) {
      if (position >= end) throw malformed(`${path} ends in the middle of a number`, { field: path })
      const byte = bytes[position++]!
      value += (byte & 0x7f) * scale
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) throw malformed(`${path} is 2^53 or more`, { field: path })
        this.position = position
        return value
      }
      scale *= 128
    }
    throw malformed(`${path} is a number of more than ten bytes`, { field: path })
  }

  /** An amount of money: an unsigned integer below 2^63. */
  amount(path: string): bigint {
    const { bytes, end } = this
    let position = this.position
    let low = 0
    let scale = 1
    // seven groups of seven bits fit a number; what is above them is added once
    for (let index = 0; index < 7; index++) {
      if (position >= end) throw malformed(`${path} ends in the middle of a number`, { field: path })
      const byte = bytes[position++]!
      low += (byte & 0x7f) * scale
      if (byte < 0x80) {
        this.position = position
        return BigInt(low)
      }
      scale *= 128
    }
    let high = 0
    for (let shift = 0; shift < 14; shift += 7) {
      if (position >= end) throw malformed(`${path} ends in the middle of a number`, { field: path })
      const byte = bytes[position++]!
      high |= (byte & 0x7f) << shift
      if (byte < 0x80) {
        this.position = position
        return (BigInt(high) << 49n) + BigInt(low)
      }
    }
    throw malformed(`${path} is 2^63 or more`, { field: path })
  }

  /** An unsigned integer below 2^32. */
  uint32(path: string): number {
    const value = this.varint(path)
    if (value > 0xffff_ffff) throw malformed(`${path} is 2^32 or more`, { field: path })
    return value
  }

  /** An unsigned integer within a limit. */
  atMost(path: string, max: number): number {
    const value = this.varint(path)
    if (value > max) throw tooLarge(path, value, max, 'value')
    return value
  }

  /** True for any number but 0. */
  bool(path: string): boolean {
    return this.varint(path) !== 0
  }

  /** A finite double; −0 is 0, since writers leave out either. */
  double(path: string): number {
    const start = this.position
    if (start + 8 > this.end) throw malformed(`${path} ends in the middle of a number`, { field: path })
    const { buffer, byteOffset } = this.bytes
    const value = new DataView(buffer, byteOffset + start, 8).getFloat64(0, true)
    if (!Number.isFinite(value)) throw malformed(`${path} is not a finite number`, { field: path })
    this.position = start + 8
    return value + 0
  }

  /** The length of what follows, checked to be within `maxBytes` and within the message. */
  length(path: string, maxBytes: number): number {
    const length = this.varint(path)
    if (length > this.end - this.position) throw malformed(`${path} is cut short`, { field: path })
    if (length > maxBytes) throw tooLarge(path, length, maxBytes)
    return length
  }

  /** Well-formed UTF-8 text. */
  string(path: string, maxBytes: number): string {
    const length = this.length(path, maxBytes)
    const start = this.position
    this.position = start + length
    if (length <= SHORT_TEXT_BYTES) {
      const text = shortAscii(this.bytes, start, start + length)
      if (text !== undefined) return text
    }
    try {
      return utf8.decode(this.bytes.subarray(start, start + length))
    } catch (cause) {
      throw malformed(`${path} is not UTF-8`, { field: path }, cause)
    }
  }

  /** Bytes in a buffer of their own. */
  copy(path: string, maxBytes: number): Uint8Array {
    const length = this.length(path, maxBytes)
    const start = this.position
    this.position = start + length
    // Not slice(): on a Node Buffer that is a view.
    return new Uint8Array(this.bytes.subarray(start, start + length))
  }

  /** Reads an embedded message with `read`, which sees its bytes only. */
  nested<T>(path: string, read: (reader: WireReader) => T): T {
    const length = this.length(path, Number.MAX_SAFE_INTEGER)
    const outerEnd = this.end
    this.end = this.position + length
    const value = read(this)
    this.end = outerEnd
    return value
  }

  /**
   * Steps over a field that this version does not know: a newer minor version may have added it. Nothing is kept.
   * Groups, which nest, are refused.
   */
  skip(tag: number): void {
    const path = `unknown field ${tag >>> 3}`
    switch (tag & 7) {
      case 0:
        this.skipVarint(path)
        break
      case 1:
        this.advance(8, path)
        break
      case 2:
        this.advance(this.length(path, Number.MAX_SAFE_INTEGER), path)
        break
      case 5:
        this.advance(4, path)
        break
      default:
        throw malformed(`${path} has a wire type that is not supported`, { tag })
    }
  }

  /** Fails at a field that this version does not know, where everybody has to read the same. */
  refuse(tag: number): never {
    throw malformed(`field ${tag >>> 3} is not known`, { field: tag >>> 3 })
  }

  /** Fails where a repeated field holds more than `maxItems`. */
  room(path: string, items: number, maxItems: number): void {
    if (items >= maxItems) throw tooLarge(path, items + 1, maxItems, 'items')
  }

  private advance(length: number, path: string): void {
    if (length > this.end - this.position) throw malformed(`${path} is cut short`, { field: path })
    this.position += length
  }

  /** An unknown number may be one that we could not hold: a negative or a 64-bit one. */
  private skipVarint(path: string): void {
    for (let index = 0; index < 10 && this.position < this.end; index++) {
      if (this.bytes[this.position++]! < 0x80) return
    }
    throw malformed(`${path} ends in the middle of a number`, { field: path })
  }
}

/** Text of a few ASCII bytes: far cheaper than a TextDecoder for names and ids. */
function shortAscii(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = ''
  for (let index = start; index < end; index++) {
    const byte = bytes[index]!
    if (byte >= 0x80) return undefined
    text += String.fromCharCode(byte)
  }
  return text
}
