import { elementBits, type OnnxElementType } from '../element-types.js'
import { OnnxError } from '../errors.js'
import type { OnnxModel, OnnxTensor } from '../model/model.js'
import type { ByteSource } from '../source.js'
import { MAX_HEADER_BYTES, parseField, type WireField } from '../wire/field.js'
import { malformed } from '../wire/rejection.js'
import { varintBits, varintLength } from '../wire/varint.js'
import { ByteWindow } from '../wire/window.js'

const CHUNK_BYTES = 1_048_576

/**
 * The elements of a weight in raw form, in chunks: little-endian, sub-byte types packed, whether the model
 * keeps them as raw bytes, as typed fields or in another file. Strings come each behind its length in bytes
 * as a little-endian 32-bit integer.
 *
 * @throws OnnxError `ONNX_EXTERNAL_DATA` where the other file is absent or shorter, `ONNX_MALFORMED` where
 * typed fields hold another number of elements than the dimensions say.
 */
export async function* tensorBytes(model: OnnxModel, tensor: OnnxTensor): AsyncGenerator<Uint8Array> {
  const { location } = tensor
  if (location.kind === 'inline') return yield* chunks(model.source, location.offset, location.byteLength)
  if (location.kind === 'typed')
    return yield* typedBytes(model.source, tensor, location.offset, location.byteLength)
  const file = await model.externalData(location.path)
  if (location.byteLength > file.size - location.offset) {
    throw new OnnxError(
      'ONNX_EXTERNAL_DATA',
      `tensor '${tensor.name}' wants bytes ${location.offset} to ${location.offset + location.byteLength} of ` +
        `'${location.path}', which has ${file.size}: the file was cut off or belongs to another model`,
      { details: { tensor: tensor.name, path: location.path, size: file.size } },
    )
  }
  yield* chunks(file, location.offset, location.byteLength)
}

async function* chunks(source: ByteSource, offset: number, byteLength: number): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < byteLength; done += CHUNK_BYTES) {
    yield await source.read(offset + done, Math.min(CHUNK_BYTES, byteLength - done))
  }
}

/** The `TensorProto` field that holds elements of a type, and how it is written. */
function typedField(type: OnnxElementType): { number: number; content: 'fixed' | 'varint' | 'string' } {
  switch (type) {
    case 'float32':
    case 'complex64':
      return { number: 4, content: 'fixed' }
    case 'float64':
    case 'complex128':
      return { number: 10, content: 'fixed' }
    case 'string':
      return { number: 6, content: 'string' }
    case 'int64':
      return { number: 7, content: 'varint' }
    case 'uint32':
    case 'uint64':
      return { number: 11, content: 'varint' }
    default:
      return { number: 5, content: 'varint' }
  }
}

async function* typedBytes(
  source: ByteSource,
  tensor: OnnxTensor,
  start: number,
  byteLength: number,
): AsyncGenerator<Uint8Array> {
  const { number, content } = typedField(tensor.elementType)
  const window = new ByteWindow(source)
  const end = start + byteLength
  let given = 0
  for (let at = start; at < end; ) {
    const wanted = Math.min(MAX_HEADER_BYTES, end - at)
    const field = parseField(window.peek(at, wanted) ?? (await window.load(at, wanted)), at)
    if (field === undefined || field.length > end - field.offset)
      throw malformed(`tensor '${tensor.name}' is cut off`)
    if (field.number === number) {
      if (content === 'string') given++
      for await (const bytes of payload(source, window, field, tensor.elementType, content)) {
        if (content !== 'string') given += bytes.byteLength
        yield bytes
      }
    }
    at = field.offset + field.length
  }
  const expected =
    content === 'string' ? tensor.dims.reduce((product, dim) => product * dim, 1) : tensor.byteLength
  if (given === expected) return
  throw malformed(`tensor '${tensor.name}' of [${tensor.dims.join(', ')}] has typed data of another length`)
}

async function* payload(
  source: ByteSource,
  window: ByteWindow,
  field: WireField,
  type: OnnxElementType,
  content: 'fixed' | 'varint' | 'string',
): AsyncGenerator<Uint8Array> {
  const small = field.length <= MAX_HEADER_BYTES
  const pieces = small
    ? [window.peek(field.offset, field.length) ?? (await window.load(field.offset, field.length))]
    : chunks(source, field.offset, field.length)
  if (content === 'string') yield lengthPrefix(field.length)
  if (content !== 'varint') return yield* pieces
  const width = Math.max(1, elementBits(type) / 8)
  let rest: Uint8Array = new Uint8Array()
  for await (const piece of pieces) {
    const { raw, used, bytes } = narrowVarints(rest, piece, width)
    yield raw
    rest = bytes.subarray(used)
  }
  if (rest.byteLength > 0) throw malformed('typed data ends inside a number')
}

/** Turns varints into little-endian elements of `width` bytes; a varint cut by the chunk's end is left over. */
function narrowVarints(
  rest: Uint8Array,
  piece: Uint8Array,
  width: number,
): { raw: Uint8Array; used: number; bytes: Uint8Array } {
  const bytes = new Uint8Array(rest.byteLength + piece.byteLength)
  bytes.set(rest)
  bytes.set(piece, rest.byteLength)
  const raw = new Uint8Array(bytes.byteLength * width)
  let [used, at] = [0, 0]
  for (let length = varintLength(bytes); length !== undefined; length = varintLength(bytes, used)) {
    let value = varintBits(bytes, used, length)
    for (let index = 0; index < width; index++, value >>= 8n) raw[at + index] = Number(value & 0xffn)
    used += length
    at += width
  }
  return { raw: raw.subarray(0, at), used, bytes }
}

function lengthPrefix(length: number): Uint8Array {
  const prefix = new Uint8Array(4)
  new DataView(prefix.buffer).setUint32(0, length, true)
  return prefix
}
