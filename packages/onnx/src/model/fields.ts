import { OnnxError } from '../errors.js'
import type { ReadLimits } from '../limits.js'
import { MAX_HEADER_BYTES, parseField, type WireField } from '../wire/field.js'
import { limitExceeded, malformed } from '../wire/rejection.js'
import type { SparseBytes } from '../wire/sparse-bytes.js'
import { varintBits, varintCount, varintLength } from '../wire/varint.js'
import type { FieldContent, MessageSchema } from './schema.js'
import type { Sliced } from './slices.js'

const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** What decoding one model shares: its bytes, its limits and how much of them is used. */
export interface DecodeContext {
  readonly bytes: SparseBytes
  readonly limits: ReadLimits
  fieldsLeft: number
  /** What is still read until the next pause. */
  untilPause: number
}

/** Messages, fields, texts and numbers that are read at a time. */
const SLICE = 4096

/** The start of decoding a model. */
export const createDecodeContext = (bytes: SparseBytes, limits: ReadLimits): DecodeContext => ({
  bytes,
  limits,
  fieldsLeft: limits.maxFields,
  untilPause: SLICE,
})

/** A stretch of the file. */
export interface Range {
  readonly offset: number
  readonly length: number
}

/**
 * The fields of one message, checked against its schema: a known field has its wire type, and a field that
 * is not repeated comes once. Protobuf would merge or overwrite repetitions, so that two readers could see
 * two models in one file.
 */
export class Fields {
  readonly range: Range
  readonly #context: DecodeContext
  readonly #schema: MessageSchema
  readonly #byNumber = new Map<number, WireField[]>()

  private constructor(context: DecodeContext, schema: MessageSchema, range: Range) {
    this.#context = context
    this.#schema = schema
    this.range = range
  }

  /** Reads the fields of the message that fills a stretch. */
  static *read(context: DecodeContext, schema: MessageSchema, range: Range): Sliced<Fields> {
    const fields = new Fields(context, schema, range)
    const end = range.offset + range.length
    if (fields.#isPauseDue()) yield
    for (let at = range.offset; at < end; ) {
      const field = fields.#read(at, end)
      at = field.offset + field.length
      fields.#add(field)
      if (fields.#isPauseDue()) yield
    }
    return fields
  }

  /** Whether the field is there. */
  has(number: number): boolean {
    return this.#byNumber.has(number)
  }

  /** Every occurrence of a field. */
  all(number: number): readonly WireField[] {
    return this.#byNumber.get(number) ?? []
  }

  /** The only occurrence of a field. */
  one(number: number): WireField | undefined {
    return this.#byNumber.get(number)?.[0]
  }

  /** The field's bytes; empty where it is absent. */
  bytes(number: number): Uint8Array {
    const field = this.one(number)
    return field === undefined ? new Uint8Array() : this.#view(field)
  }

  /** Every occurrence's bytes. */
  allBytes(number: number): readonly Uint8Array[] {
    return this.all(number).map(field => this.#view(field))
  }

  /** The field as text; `''` where it is absent. */
  text(number: number): string {
    const field = this.one(number)
    return field === undefined ? '' : this.#text(field)
  }

  /** Every occurrence as text. */
  *allText(number: number): Sliced<readonly string[]> {
    const texts: string[] = []
    for (const field of this.all(number)) {
      texts.push(this.#text(field))
      if (this.#isPauseDue()) yield
    }
    return texts
  }

  /** The field as a signed 64-bit integer. */
  integer(number: number): bigint | undefined {
    const field = this.one(number)
    if (field === undefined) return undefined
    return BigInt.asIntN(64, varintBits(this.#view(field), 0, field.length))
  }

  /** The field as a number; throws `ONNX_MALFORMED` outside ±2^53. */
  number(number: number): number | undefined {
    const value = this.integer(number)
    return value === undefined ? undefined : this.#safe(number, value)
  }

  /** Every varint of a repeated field, packed or not. */
  *integers(number: number): Sliced<BigInt64Array> {
    const parts = this.all(number).map(field => this.#view(field))
    const count = parts.reduce((total, part) => total + varintCount(part), 0)
    this.#spend(count >> 2)
    const values = new BigInt64Array(count)
    let index = 0
    for (const part of parts) {
      for (let at = 0; at < part.byteLength; index++) {
        const length = varintLength(part, at)
        if (length === undefined) throw malformed(`${this.#name(number)} ends inside a number`)
        values[index] = varintBits(part, at, length)
        at += length
        if (this.#isPauseDue()) yield
      }
    }
    return values
  }

  /** {@link integers} as numbers; throws `ONNX_MALFORMED` outside ±2^53. */
  *numbers(number: number): Sliced<readonly number[]> {
    return Array.from(yield* this.integers(number), value => this.#safe(number, value))
  }

  /** Every float of a repeated field, packed or not. */
  floats(number: number): Float32Array {
    const parts = this.all(number).map(field => this.#view(field))
    if (parts.some(part => part.byteLength % 4 !== 0))
      throw malformed(`${this.#name(number)} has a partial float`)
    const floats = new Float32Array(parts.reduce((bytes, part) => bytes + part.byteLength, 0) / 4)
    let at = 0
    for (const part of parts) {
      const source = new DataView(part.buffer, part.byteOffset, part.byteLength)
      for (let from = 0; from < part.byteLength; from += 4, at++) floats[at] = source.getFloat32(from, true)
    }
    return floats
  }

  #read(at: number, end: number): WireField {
    this.#spend(1)
    const field = parseField(this.#head(at, end), at)
    if (field === undefined || field.length > end - field.offset) {
      throw malformed(`a field of ${this.#schema.name} at byte ${at} is longer than its message`)
    }
    return field
  }

  /** The bytes of a header: as many as there are before the message's end or the next hole. */
  #head(at: number, end: number): Uint8Array {
    return this.#context.bytes.head(at, Math.min(MAX_HEADER_BYTES, end - at))
  }

  #add(field: WireField): void {
    const schema = this.#schema.fields.get(field.number)
    if (schema === undefined) return
    if (!fits(schema.content, schema.repeated, field.wireType)) {
      throw malformed(`${this.#name(field.number)} has wire type ${field.wireType}`)
    }
    const earlier = this.#byNumber.get(field.number)
    if (earlier === undefined) this.#byNumber.set(field.number, [field])
    else {
      if (!schema.repeated) throw malformed(`${this.#name(field.number)} comes twice`)
      // Of weights, that they are there is all that is asked here.
      if (schema.content !== 'weights') earlier.push(field)
    }
  }

  #view(field: WireField): Uint8Array {
    return this.#context.bytes.view(field.offset, field.length)
  }

  #text(field: WireField): string {
    const { maxNameBytes } = this.#context.limits
    if (field.length > maxNameBytes) {
      throw limitExceeded(`bytes in ${this.#name(field.number)}`, 'maxNameBytes', maxNameBytes, field.length)
    }
    try {
      return UTF8.decode(this.#view(field))
    } catch (cause) {
      if (cause instanceof OnnxError) throw cause
      throw malformed(`${this.#name(field.number)} is not UTF-8`)
    }
  }

  #safe(number: number, value: bigint): number {
    const safe = Number(value)
    if (!Number.isSafeInteger(safe)) throw malformed(`${this.#name(number)} is ${value}`)
    return safe
  }

  #isPauseDue(): boolean {
    if (--this.#context.untilPause > 0) return false
    this.#context.untilPause = SLICE
    return true
  }

  #spend(fields: number): void {
    this.#context.fieldsLeft -= fields
    if (this.#context.fieldsLeft >= 0) return
    throw limitExceeded('fields', 'maxFields', this.#context.limits.maxFields)
  }

  #name(number: number): string {
    return `${this.#schema.name}.${this.#schema.fields.get(number)?.name ?? number}`
  }
}

function fits(content: FieldContent, repeated: boolean, wireType: number): boolean {
  if (content === 'weights' || content === 'ignored') return true
  if (content === 'bytes' || typeof content === 'object') return wireType === 2
  if (repeated && wireType === 2) return true
  return wireType === (content === 'varint' ? 0 : content === 'fixed32' ? 5 : 1)
}
