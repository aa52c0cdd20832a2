import { OnnxError } from '../errors.js'
import type { ReadLimits } from '../limits.js'
import type { ByteSource } from '../source.js'
import { MAX_HEADER_BYTES, parseField, type WireField } from '../wire/field.js'
import { limitExceeded, malformed } from '../wire/rejection.js'
import { SparseBytes } from '../wire/sparse-bytes.js'
import { ByteWindow } from '../wire/window.js'
import { type FieldContent, type MessageSchema, MODEL } from './schema.js'
import { breather } from './slices.js'

/** Between so many fields, whatever else waits is done. */
const FIELDS_AT_A_TIME = 4096

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
    for (let at = start; at < end; ) {
      const wanted = Math.min(MAX_HEADER_BYTES, end - at)
      const head = this.#window.peek(at, wanted) ?? (await this.#window.load(at, wanted))
      const field = this.#field(schema, head, at, end)
      const content = schema.fields.get(field.number)?.content
      const next = field.offset + field.length
      if (field.length > SMALL_BYTES && (isMessage(content) || staysInFile(content))) {
        this.kept.keep(at, head.subarray(0, field.offset - at))
        if (isMessage(content)) await this.message(content, field.offset, next, depth + 1)
      } else {
        this.kept.assertRoom(next - at)
        this.kept.keep(at, this.#window.peek(at, next - at) ?? (await this.#window.load(at, next - at)))
      }
      at = next
      if (this.#fields % FIELDS_AT_A_TIME === 0) await breather()
    }
  }

  #field(schema: MessageSchema, head: Uint8Array, at: number, end: number): WireField {
    this.#fields++
    if (this.#fields > this.#limits.maxFields)
      throw limitExceeded('fields', 'maxFields', this.#limits.maxFields)
    const field = parseField(head, at)
    if (field === undefined) throw endsInside(schema, at, head.byteLength + 1, end)
    if (field.length > end - field.offset) throw endsInside(schema, at, field.length, end)
    return field
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
