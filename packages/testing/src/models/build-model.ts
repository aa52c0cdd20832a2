import type { ElementType, TensorData } from '@neurovoyance/protocol'
import { ONNX_DATA_TYPE } from './element-types.js'
import { bytesField, concatBytes, floatField, varint, varintField } from './wire.js'

/** A dimension: a size, a symbol, or `null` where the model says nothing. */
export type Dimension = number | string | null

/** The type of an input or output: a tensor, or one of the kinds that wrap one. */
export type ValueType =
  | { readonly kind: 'tensor'; readonly type: ElementType | number; readonly dims?: readonly Dimension[] }
  | { readonly kind: 'sequence' | 'optional'; readonly of: ValueType }
  | { readonly kind: 'map'; readonly key: ElementType; readonly of: ValueType }

/** A named input or output of a graph. */
export interface ValueInfo {
  readonly name: string
  readonly type: ValueType
}

/** A weight. Give `data`, or `external` where it lies in another file. */
export interface InitializerInit {
  readonly name: string
  readonly type: ElementType | number
  readonly dims: readonly (number | bigint)[]
  /** Elements; raw bytes where `Uint8Array` is not the element type's own array. */
  readonly data?: TensorData
  /** Key and value pairs of `external_data`, as they are to be written. */
  readonly external?: Readonly<Record<string, string>>
}

/** An attribute's value. Integral numbers are written as INT: write `{ float: 1 }` for a FLOAT. */
export type AttributeValue =
  | number
  | bigint
  | string
  | readonly (number | bigint)[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  /** A subgraph, or the bytes of one. */
  | { readonly graph: GraphInit | Uint8Array }
  | { readonly tensor: Omit<InitializerInit, 'name'> }
  | { readonly strings: readonly string[] }

/** One operator. */
export interface NodeInit {
  readonly op: string
  readonly domain?: string
  readonly name?: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes?: Readonly<Record<string, AttributeValue>>
  readonly doc?: string
}

/** A graph, of a model or of a control-flow operator. */
export interface GraphInit {
  readonly name?: string
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  readonly nodes: readonly NodeInit[]
  readonly initializers?: readonly InitializerInit[]
  readonly doc?: string
}

/** A function defined inside the model. */
export interface FunctionInit {
  readonly name: string
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly nodes: readonly NodeInit[]
  readonly opsets: Readonly<Record<string, number>>
}

/** Everything a model is made from. */
export interface ModelInit {
  readonly graph: GraphInit
  /** Operator-set versions by domain, `''` being ai.onnx. Default: `{ '': 17 }`. */
  readonly opsets?: Readonly<Record<string, number>>
  /** Default: 8. */
  readonly irVersion?: number
  readonly functions?: readonly FunctionInit[]
  readonly metadata?: Readonly<Record<string, string>>
  readonly producer?: string
  readonly doc?: string
  /** Bytes appended to the message as they are, for fields that this builder does not name. */
  readonly extra?: Uint8Array
}

/** A tensor value: `value('x', 'float32', ['batch', 4])`; without `dims` its rank is unknown. */
export function value(name: string, type: ElementType | number, dims?: readonly Dimension[]): ValueInfo {
  return { name, type: dims === undefined ? { kind: 'tensor', type } : { kind: 'tensor', type, dims } }
}

/** A node: `node('Add', ['a', 'b'], ['c'])`. */
export function node(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
): NodeInit {
  return { op, inputs, outputs, attributes }
}

/** The bytes of an ONNX `ModelProto`. */
export function buildModel(init: ModelInit): Uint8Array {
  const opsets = Object.entries(init.opsets ?? { '': 17 })
  return concatBytes([
    varintField(1, init.irVersion ?? 8),
    bytesField(2, init.producer ?? '@neurovoyance/testing'),
    ...(init.doc === undefined ? [] : [bytesField(6, init.doc)]),
    bytesField(7, encodeGraph(init.graph)),
    ...opsets.map(opset => bytesField(8, encodeOpset(opset))),
    ...Object.entries(init.metadata ?? {}).map(entry => bytesField(14, encodeEntry(entry))),
    ...(init.functions ?? []).map(fn => bytesField(25, encodeFunction(fn))),
    init.extra ?? new Uint8Array(),
  ])
}

/** The bytes of a `GraphProto`. */
export function encodeGraph(graph: GraphInit): Uint8Array {
  return concatBytes([
    ...graph.nodes.map(each => bytesField(1, encodeNode(each))),
    bytesField(2, graph.name ?? 'graph'),
    ...(graph.initializers ?? []).map(each => bytesField(5, encodeInitializer(each))),
    ...(graph.doc === undefined ? [] : [bytesField(10, graph.doc)]),
    ...graph.inputs.map(each => bytesField(11, encodeValueInfo(each))),
    ...graph.outputs.map(each => bytesField(12, encodeValueInfo(each))),
  ])
}

function encodeNode(init: NodeInit): Uint8Array {
  return concatBytes([
    ...init.inputs.map(each => bytesField(1, each)),
    ...init.outputs.map(each => bytesField(2, each)),
    ...(init.name === undefined ? [] : [bytesField(3, init.name)]),
    bytesField(4, init.op),
    ...Object.entries(init.attributes ?? {}).map(entry => bytesField(5, encodeAttribute(entry))),
    ...(init.doc === undefined ? [] : [bytesField(6, init.doc)]),
    ...(init.domain === undefined ? [] : [bytesField(7, init.domain)]),
  ])
}

/** The bytes of a `TensorProto`. */
export function encodeInitializer(
  init: Partial<InitializerInit> & Omit<InitializerInit, 'name'>,
): Uint8Array {
  const type = typeof init.type === 'number' ? init.type : ONNX_DATA_TYPE[init.type]
  const parts = [...init.dims.map(dim => varintField(1, dim)), varintField(2, type)]
  if (init.name !== undefined) parts.push(bytesField(8, init.name))
  if (init.data !== undefined) {
    if (ArrayBuffer.isView(init.data)) parts.push(bytesField(9, bytesOf(init.data)))
    else parts.push(...init.data.map(text => bytesField(6, text)))
  }
  if (init.external !== undefined) {
    parts.push(...Object.entries(init.external).map(entry => bytesField(13, encodeEntry(entry))))
    parts.push(varintField(14, 1))
  }
  return concatBytes(parts)
}

function encodeAttribute([name, attribute]: [string, AttributeValue]): Uint8Array {
  const typed = (type: number, ...fields: Uint8Array[]) =>
    concatBytes([bytesField(1, name), ...fields, varintField(20, type)])
  if (typeof attribute === 'number' || typeof attribute === 'bigint')
    return typed(2, varintField(3, attribute))
  if (typeof attribute === 'string') return typed(3, bytesField(4, attribute))
  if ('float' in attribute) return typed(1, floatField(2, attribute.float))
  if ('floats' in attribute) return typed(6, ...attribute.floats.map(each => floatField(7, each)))
  if ('graph' in attribute)
    return typed(
      5,
      bytesField(6, attribute.graph instanceof Uint8Array ? attribute.graph : encodeGraph(attribute.graph)),
    )
  if ('tensor' in attribute) return typed(4, bytesField(5, encodeInitializer(attribute.tensor)))
  if ('strings' in attribute) return typed(8, ...attribute.strings.map(each => bytesField(9, each)))
  return typed(7, bytesField(8, concatBytes(attribute.map(each => varint(each)))))
}

function encodeValueInfo(info: ValueInfo): Uint8Array {
  return concatBytes([bytesField(1, info.name), bytesField(2, encodeType(info.type))])
}

function encodeType(type: ValueType): Uint8Array {
  switch (type.kind) {
    case 'tensor': {
      const element = typeof type.type === 'number' ? type.type : ONNX_DATA_TYPE[type.type]
      const shape =
        type.dims === undefined ? [] : [bytesField(2, concatBytes(type.dims.map(encodeDimension)))]
      return bytesField(1, concatBytes([varintField(1, element), ...shape]))
    }
    case 'sequence':
      return bytesField(4, bytesField(1, encodeType(type.of)))
    case 'map':
      return bytesField(
        5,
        concatBytes([varintField(1, ONNX_DATA_TYPE[type.key]), bytesField(2, encodeType(type.of))]),
      )
    case 'optional':
      return bytesField(9, bytesField(1, encodeType(type.of)))
  }
}

function encodeDimension(dim: Dimension): Uint8Array {
  if (dim === null) return bytesField(1, new Uint8Array())
  return bytesField(1, typeof dim === 'number' ? varintField(1, dim) : bytesField(2, dim))
}

function encodeFunction(init: FunctionInit): Uint8Array {
  return concatBytes([
    bytesField(1, init.name),
    ...init.inputs.map(each => bytesField(4, each)),
    ...init.outputs.map(each => bytesField(5, each)),
    ...init.nodes.map(each => bytesField(7, encodeNode(each))),
    ...Object.entries(init.opsets).map(opset => bytesField(9, encodeOpset(opset))),
    bytesField(10, init.domain),
  ])
}

function encodeOpset([domain, version]: [string, number]): Uint8Array {
  return concatBytes([bytesField(1, domain), varintField(2, version)])
}

function encodeEntry([key, text]: [string, string]): Uint8Array {
  return concatBytes([bytesField(1, key), bytesField(2, text)])
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}
