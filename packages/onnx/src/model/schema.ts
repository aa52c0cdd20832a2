/**
 * The messages of ONNX (onnx.proto, IR version 13) as a table: what the outline keeps in memory and what the
 * decoder reads. https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */

/** What a field holds. `weights` and `ignored` payloads stay in the file. */
export type FieldContent = 'varint' | 'fixed32' | 'fixed64' | 'bytes' | 'weights' | 'ignored' | MessageSchema

/** One field of a message. */
export interface FieldSchema {
  readonly name: string
  readonly content: FieldContent
  readonly repeated: boolean
}

/** One message: its fields by number. Fields that are not named are skipped, as protobuf does. */
export interface MessageSchema {
  readonly name: string
  readonly fields: ReadonlyMap<number, FieldSchema>
}

type Row = readonly [number: number, name: string, content: FieldContent, repeated?: 'repeated']

function message(
  name: string,
  rows: readonly Row[],
): MessageSchema & { readonly fields: Map<number, FieldSchema> } {
  const fields = rows.map(
    ([number, field, content, repeated]) =>
      [number, { name: field, content, repeated: repeated !== undefined }] as const,
  )
  return { name, fields: new Map(fields) }
}

export const ENTRY = message('StringStringEntryProto', [
  [1, 'key', 'bytes'],
  [2, 'value', 'bytes'],
])

export const TENSOR = message('TensorProto', [
  [1, 'dims', 'varint', 'repeated'],
  [2, 'data_type', 'varint'],
  [3, 'segment', 'ignored'],
  [4, 'float_data', 'weights', 'repeated'],
  [5, 'int32_data', 'weights', 'repeated'],
  [6, 'string_data', 'weights', 'repeated'],
  [7, 'int64_data', 'weights', 'repeated'],
  [8, 'name', 'bytes'],
  [9, 'raw_data', 'weights'],
  [10, 'double_data', 'weights', 'repeated'],
  [11, 'uint64_data', 'weights', 'repeated'],
  [13, 'external_data', ENTRY, 'repeated'],
  [14, 'data_location', 'varint'],
])

export const SPARSE_TENSOR = message('SparseTensorProto', [
  [1, 'values', TENSOR],
  [2, 'indices', TENSOR],
  [3, 'dims', 'varint', 'repeated'],
])

const DIMENSION = message('TensorShapeProto.Dimension', [
  [1, 'dim_value', 'varint'],
  [2, 'dim_param', 'bytes'],
])

const SHAPE = message('TensorShapeProto', [[1, 'dim', DIMENSION, 'repeated']])

const TENSOR_TYPE = message('TypeProto.Tensor', [
  [1, 'elem_type', 'varint'],
  [2, 'shape', SHAPE],
])

export const TYPE = message('TypeProto', [])
const ELEMENT = message('TypeProto.Sequence', [[1, 'elem_type', TYPE]])
const MAP = message('TypeProto.Map', [
  [1, 'key_type', 'varint'],
  [2, 'value_type', TYPE],
])
TYPE.fields.set(1, { name: 'tensor_type', content: TENSOR_TYPE, repeated: false })
TYPE.fields.set(4, { name: 'sequence_type', content: ELEMENT, repeated: false })
TYPE.fields.set(5, { name: 'map_type', content: MAP, repeated: false })
TYPE.fields.set(7, { name: 'opaque_type', content: 'ignored', repeated: false })
TYPE.fields.set(8, { name: 'sparse_tensor_type', content: TENSOR_TYPE, repeated: false })
TYPE.fields.set(9, { name: 'optional_type', content: ELEMENT, repeated: false })

export const VALUE_INFO = message('ValueInfoProto', [
  [1, 'name', 'bytes'],
  [2, 'type', TYPE],
])

export const GRAPH = message('GraphProto', [])

export const ATTRIBUTE = message('AttributeProto', [
  [1, 'name', 'bytes'],
  [2, 'f', 'fixed32'],
  [3, 'i', 'varint'],
  [4, 's', 'bytes'],
  [5, 't', TENSOR],
  [6, 'g', GRAPH],
  [7, 'floats', 'fixed32', 'repeated'],
  [8, 'ints', 'varint', 'repeated'],
  [9, 'strings', 'bytes', 'repeated'],
  [10, 'tensors', TENSOR, 'repeated'],
  [11, 'graphs', GRAPH, 'repeated'],
  [14, 'tp', TYPE],
  [15, 'type_protos', TYPE, 'repeated'],
  [20, 'type', 'varint'],
  [21, 'ref_attr_name', 'bytes'],
  [22, 'sparse_tensor', SPARSE_TENSOR],
  [23, 'sparse_tensors', SPARSE_TENSOR, 'repeated'],
])

export const NODE = message('NodeProto', [
  [1, 'input', 'bytes', 'repeated'],
  [2, 'output', 'bytes', 'repeated'],
  [3, 'name', 'bytes'],
  [4, 'op_type', 'bytes'],
  [5, 'attribute', ATTRIBUTE, 'repeated'],
  [7, 'domain', 'bytes'],
  [8, 'overload', 'bytes'],
])

GRAPH.fields.set(1, { name: 'node', content: NODE, repeated: true })
GRAPH.fields.set(2, { name: 'name', content: 'bytes', repeated: false })
GRAPH.fields.set(5, { name: 'initializer', content: TENSOR, repeated: true })
GRAPH.fields.set(11, { name: 'input', content: VALUE_INFO, repeated: true })
GRAPH.fields.set(12, { name: 'output', content: VALUE_INFO, repeated: true })
GRAPH.fields.set(13, { name: 'value_info', content: VALUE_INFO, repeated: true })
GRAPH.fields.set(15, { name: 'sparse_initializer', content: SPARSE_TENSOR, repeated: true })

export const OPSET = message('OperatorSetIdProto', [
  [1, 'domain', 'bytes'],
  [2, 'version', 'varint'],
])

export const FUNCTION = message('FunctionProto', [
  [1, 'name', 'bytes'],
  [4, 'input', 'bytes', 'repeated'],
  [5, 'output', 'bytes', 'repeated'],
  [6, 'attribute', 'bytes', 'repeated'],
  [7, 'node', NODE, 'repeated'],
  [9, 'opset_import', OPSET, 'repeated'],
  [10, 'domain', 'bytes'],
  [11, 'attribute_proto', ATTRIBUTE, 'repeated'],
  [12, 'value_info', VALUE_INFO, 'repeated'],
  [13, 'overload', 'bytes'],
])

export const MODEL = message('ModelProto', [
  [1, 'ir_version', 'varint'],
  [2, 'producer_name', 'bytes'],
  [3, 'producer_version', 'bytes'],
  [7, 'graph', GRAPH],
  [8, 'opset_import', OPSET, 'repeated'],
  [14, 'metadata_props', ENTRY, 'repeated'],
  [20, 'training_info', 'ignored', 'repeated'],
  [25, 'functions', FUNCTION, 'repeated'],
])
