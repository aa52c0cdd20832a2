import { OnnxError } from '../errors.js'
import type { ReadLimits } from '../limits.js'
import type { ByteSource } from '../source.js'
import { limitExceeded, MAX_HEADER_BYTES, malformed, splitTag } from '../wire/field.js'
import { SparseBytes } from '../wire/sparse-bytes.js'
import { varintLength, varintNumber } from '../wire/varint.js'
import { ByteWindow } from '../wire/window.js'
import { type FieldContent, type MessageSchema, MODEL } from './schema.js'

/** Payloads of weights that are smaller stay with the graph: reading around them would cost more. */
const SMALL_BYTES = 4096

/**
 * Reads a model's graph into memory and leaves its weights, doc strings and unknown fields in the file.
 *
 * Messages above 4 kB are walked field by field; those below are kept whole.
 */
export async function outline(source: ByteSource, limits: ReadLimits): Promise<SparseBytes> {
  const scan = new OutlineScan(source, limits)
  await scan.message(MODEL, 0, source.size, 0)
  return scan.kept
}

interface Header {
  readonly number: number
  readonly headerLength: number
  readonly payloadLength: number
}

class OutlineScan {
  readonly kept: SparseBytes
  readonly #window: ByteWindow
  readonly #limits: ReadLimits
  #fields = 0

  constructor(source: ByteSource, limits: ReadLimits) {
    this.#window = new ByteWindow(source)
    this.#limits = limits
    this.kept = new SparseBytes(limits.maxGraphBytes)
  }

  async message(schema: MessageSchema, start: number, end: number, depth: number): Promise<void> {
    // Four messages lie between a graph and the graph inside it; types nest by two.
    if (depth > this.#limits.maxDepth * 4 + 8) {
      throw limitExceeded('levels of nested messages', 'maxDepth', this.#limits.maxDepth)
    }
    let at = start
    while (at < end) {
      const wanted = Math.min(MAX_HEADER_BYTES, end - at)
      const head = this.#window.peek(at, wanted) ?? (await this.#window.load(at, wanted))
      const header = this.#header(schema, head, at, end)
      const payloadAt = at + header.headerLength
      const content = schema.fields.get(header.number)?.content
      if (header.payloadLength > SMALL_BYTES && isMessage(content)) {
        this.kept.keep(at, head.subarray(0, header.headerLength))
        await this.message(content, payloadAt, payloadAt + header.payloadLength, depth + 1)
      } else if (header.payloadLength > SMALL_BYTES && staysInFile(content)) {
        this.kept.keep(at, head.subarray(0, header.headerLength))
      } else {
        const length = header.headerLength + header.payloadLength
        this.kept.assertRoom(length)
        this.kept.keep(at, this.#window.peek(at, length) ?? (await this.#window.load(at, length)))
      }
      at = payloadAt + header.payloadLength
    }
  }

  #header(schema: MessageSchema, head: Uint8Array, at: number, end: number): Header {
    this.#fields++
    if (this.#fields > this.#limits.maxFields) {
      throw limitExceeded('fields', 'maxFields', this.#limits.maxFields)
    }
    const cutOff = (needs: number) => endsInside(schema, at, needs, end)
    const tagLength = varintLength(head)
    if (tagLength === undefined) throw cutOff(head.byteLength + 1)
    const { number, wireType } = splitTag(varintNumber(head, 0, tagLength) ?? 0, at)
    const rest = end - at - tagLength
    if (wireType === 1 || wireType === 5) {
      const payloadLength = wireType === 1 ? 8 : 4
      if (payloadLength > rest) throw cutOff(payloadLength)
      return { number, headerLength: tagLength, payloadLength }
    }
    const length = varintLength(head, tagLength)
    if (length === undefined) throw cutOff(head.byteLength + 1)
    if (wireType === 0) return { number, headerLength: tagLength, payloadLength: length }
    const payloadLength = varintNumber(head, tagLength, length)
    if (payloadLength === undefined) throw malformed(`a length above 2^53 at byte ${at}`)
    if (payloadLength > rest - length) throw cutOff(payloadLength)
    return { number, headerLength: tagLength + length, payloadLength }
  }
}

/** A message that ends too early: the file was cut off where it is the outermost one, else it lies. */
function endsInside(schema: MessageSchema, at: number, needs: number, end: number): OnnxError {
  if (schema !== MODEL) return malformed(`a field of ${schema.name} at byte ${at} is longer than its message`)
  return new OnnxError(
    'ONNX_TRUNCATED',
    `the file ends at byte ${end} in the middle of a field that needs ${needs} more bytes from byte ${at}; ` +
      'it was cut off or is not ONNX: download or export it again',
    { details: { at, needs, size: end } },
  )
}

function isMessage(content: FieldContent | undefined): content is MessageSchema {
  return typeof content === 'object'
}

function staysInFile(content: FieldContent | undefined): boolean {
  return content === undefined || content === 'weights' || content === 'ignored'
}
