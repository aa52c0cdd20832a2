import { elementTypeOf, type OnnxElementType } from '../element-types.js'
import type { WireField } from '../wire/field.js'
import { limitExceeded, malformed } from '../wire/rejection.js'
import { type DecodeContext, Fields } from './fields.js'
import type { Dimension, TensorType, ValueInfo, ValueType } from './model.js'
import { type MessageSchema, TYPE, VALUE_INFO } from './schema.js'
import { mapSliced, type Sliced } from './slices.js'

/** Sequences of sequences of maps …: how deep a type may nest. */
const MAX_TYPE_DEPTH = 8

/** Decodes a `ValueInfoProto`. */
export function* decodeValueInfo(context: DecodeContext, field: WireField): Sliced<ValueInfo> {
  const info = yield* Fields.read(context, VALUE_INFO, field)
  const type = info.one(2)
  return { name: info.text(1), type: type === undefined ? undefined : yield* decodeType(context, type) }
}

/** Decodes a `TypeProto`; `undefined` where it says nothing. */
export function* decodeType(
  context: DecodeContext,
  field: WireField,
  depth = 0,
): Sliced<ValueType | undefined> {
  if (depth > MAX_TYPE_DEPTH) throw limitExceeded('levels of nested types', 'maxTypeDepth', MAX_TYPE_DEPTH)
  const type = yield* Fields.read(context, TYPE, field)
  const kinds = [1, 4, 5, 7, 8, 9].filter(number => type.has(number))
  if (kinds.length > 1) throw malformed('a TypeProto is of two kinds at once')
  const [kind] = kinds
  if (kind === undefined) return undefined
  const nested = type.one(kind)!
  if (kind === 1) return yield* decodeTensorType(context, nested, 'tensor')
  if (kind === 8) return yield* decodeTensorType(context, nested, 'sparse-tensor')
  if (kind === 7) return { kind: 'opaque' }
  if (kind === 5) {
    const map = yield* Fields.read(context, nestedSchema(5), nested)
    return { kind: 'map', key: elementType(map.number(1)), value: yield* inner(context, map.one(2), depth) }
  }
  const element = (yield* Fields.read(context, nestedSchema(kind), nested)).one(1)
  return { kind: kind === 4 ? 'sequence' : 'optional', element: yield* inner(context, element, depth) }
}

/** The element type of a `data_type` or `elem_type` field; throws `ONNX_MALFORMED` where ONNX knows none. */
export function elementType(dataType: number | undefined): OnnxElementType {
  const type = elementTypeOf(dataType ?? 0)
  if (type === undefined) throw malformed(`element type ${dataType ?? 0} is unknown`, { dataType })
  return type
}

/** Throws `ONNX_LIMIT_EXCEEDED` where a tensor has too many dimensions. */
export function assertRank(context: DecodeContext, rank: number): void {
  const { maxRank } = context.limits
  if (rank > maxRank) throw limitExceeded('dimensions', 'maxRank', maxRank, rank)
}

function* decodeTensorType(
  context: DecodeContext,
  field: WireField,
  kind: TensorType['kind'],
): Sliced<TensorType> {
  const schema = nestedSchema(1)
  const tensor = yield* Fields.read(context, schema, field)
  const shape = tensor.one(2)
  const type = elementType(tensor.number(1))
  if (shape === undefined) return { kind, elementType: type, dims: null }
  const shapeSchema = schema.fields.get(2)?.content as MessageSchema
  const dims = (yield* Fields.read(context, shapeSchema, shape)).all(1)
  assertRank(context, dims.length)
  const dimensionSchema = shapeSchema.fields.get(1)?.content as MessageSchema
  return {
    kind,
    elementType: type,
    dims: yield* mapSliced(dims, dim => decodeDimension(context, dimensionSchema, dim)),
  }
}

/** Exporters write an open dimension as nothing, as an empty symbol, or as a negative size. */
function* decodeDimension(
  context: DecodeContext,
  schema: MessageSchema,
  field: WireField,
): Sliced<Dimension> {
  const dimension = yield* Fields.read(context, schema, field)
  if (dimension.has(1) && dimension.has(2)) throw malformed('a dimension is both a size and a symbol')
  const size = dimension.number(1)
  if (size !== undefined) return size < 0 ? null : size
  return dimension.text(2) || null
}

function* inner(context: DecodeContext, field: WireField | undefined, depth: number): Sliced<ValueType> {
  const type = field === undefined ? undefined : yield* decodeType(context, field, depth + 1)
  if (type === undefined) throw malformed('a sequence, map or optional without an element type')
  return type
}

function nestedSchema(kind: number): MessageSchema {
  return TYPE.fields.get(kind)?.content as MessageSchema
}
