import { rawByteLength } from '../element-types.js'
import type { WireField } from '../wire/field.js'
import { malformed } from '../wire/rejection.js'
import { assertRank, elementType } from './decode-type.js'
import { type DecodeContext, Fields } from './fields.js'
import type { ExternalLocation, OnnxSparseTensor, OnnxTensor, TensorLocation } from './model.js'
import { ENTRY, SPARSE_TENSOR, TENSOR } from './schema.js'
import type { Sliced } from './slices.js'

const TYPED_DATA = [4, 5, 6, 7, 10, 11]
const EXTERNAL_KEYS = new Set(['location', 'offset', 'length', 'checksum'])

/** Decodes a `TensorProto` without its elements. */
export function* decodeTensor(context: DecodeContext, field: WireField): Sliced<OnnxTensor> {
  const tensor = yield* Fields.read(context, TENSOR, field)
  const name = tensor.text(8)
  if (tensor.has(3)) throw malformed(`tensor '${name}' is a segment of another`)
  const type = elementType(tensor.number(2))
  const dims = yield* tensor.numbers(1)
  assertRank(context, dims.length)
  const elements = elementCount(name, dims)
  const byteLength = rawByteLength(type, elements)
  if (!Number.isSafeInteger(byteLength)) throw tooLarge(name, dims)
  const location = yield* locate(context, tensor, name, byteLength)
  const lacksStrings = type === 'string' && elements > 0
  if (location.kind === 'inline' && (lacksStrings || location.byteLength !== byteLength)) {
    throw malformed(
      `tensor '${name}' of ${type}[${dims.join(', ')}] needs ${byteLength} bytes and has ${location.byteLength}`,
      { tensor: name, dims, bytes: location.byteLength },
    )
  }
  return { name, elementType: type, dims, byteLength, location }
}

/** Decodes a `SparseTensorProto`. */
export function* decodeSparseTensor(context: DecodeContext, field: WireField): Sliced<OnnxSparseTensor> {
  const sparse = yield* Fields.read(context, SPARSE_TENSOR, field)
  const [values, indices] = [sparse.one(1), sparse.one(2)]
  if (values === undefined || indices === undefined)
    throw malformed('a sparse tensor without values or indices')
  const dims = yield* sparse.numbers(3)
  assertRank(context, dims.length)
  elementCount('sparse', dims)
  return {
    dims,
    values: yield* decodeTensor(context, values),
    indices: yield* decodeTensor(context, indices),
  }
}

/** Product of the dimensions; throws `ONNX_MALFORMED` where one is negative or the product is above 2^53. */
function elementCount(name: string, dims: readonly number[]): number {
  if (dims.some(dim => dim < 0))
    throw malformed(`tensor '${name}' has a negative dimension`, { tensor: name, dims })
  if (dims.includes(0)) return 0
  const count = dims.reduce((product, dim) => product * dim, 1)
  if (!Number.isSafeInteger(count)) throw tooLarge(name, dims)
  return count
}

function tooLarge(name: string, dims: readonly number[]) {
  return malformed(`tensor '${name}' declares [${dims.join(', ')}], more than any machine holds`, {
    tensor: name,
    dims,
  })
}

function* locate(
  context: DecodeContext,
  tensor: Fields,
  name: string,
  byteLength: number,
): Sliced<TensorLocation> {
  const raw = tensor.one(9)
  const typed = TYPED_DATA.some(number => tensor.has(number))
  if (tensor.number(14) === 1) {
    if (raw !== undefined || typed) throw malformed(`tensor '${name}' is both inside and outside the file`)
    return yield* decodeExternal(context, tensor, name, byteLength)
  }
  if ((tensor.number(14) ?? 0) !== 0) throw malformed(`tensor '${name}' has an unknown data location`)
  if (raw !== undefined && typed) throw malformed(`tensor '${name}' has both raw and typed data`)
  if (typed) return { kind: 'typed', offset: tensor.range.offset, byteLength: tensor.range.length }
  return { kind: 'inline', offset: raw?.offset ?? tensor.range.offset, byteLength: raw?.length ?? 0 }
}

function* decodeExternal(
  context: DecodeContext,
  tensor: Fields,
  name: string,
  byteLength: number,
): Sliced<ExternalLocation> {
  const entries = new Map<string, string>()
  for (const field of tensor.all(13)) {
    const entry = yield* Fields.read(context, ENTRY, field)
    if (entries.has(entry.text(1)))
      throw malformed(`tensor '${name}' gives external '${entry.text(1)}' twice`)
    entries.set(entry.text(1), entry.text(2))
  }
  const path = entries.get('location')
  if (path === undefined || path === '')
    throw malformed(`tensor '${name}' lies in another file and names none`)
  const length = entries.has('length') ? decimal(name, 'length', entries.get('length')) : byteLength
  if (length !== byteLength) {
    throw malformed(`tensor '${name}' needs ${byteLength} bytes and its external data has ${length}`, {
      tensor: name,
    })
  }
  return {
    kind: 'external',
    path,
    offset: decimal(name, 'offset', entries.get('offset') ?? '0'),
    byteLength,
    otherKeys: [...entries.keys()].filter(key => !EXTERNAL_KEYS.has(key)),
  }
}

/** A non-negative decimal integer, and nothing that another reader could take for a different one. */
function decimal(name: string, key: string, text = ''): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(value)) throw malformed(`tensor '${name}' has an external ${key} of '${text}'`)
  return value
}
