import type { WireField } from '../wire/field.js'
import { limitExceeded, malformed } from '../wire/rejection.js'
import { decodeSparseTensor, decodeTensor } from './decode-tensor.js'
import { decodeType, decodeValueInfo } from './decode-type.js'
import { type DecodeContext, Fields } from './fields.js'
import type { AttributeValue, OnnxAttribute, OnnxGraph, OnnxNode, ValueType } from './model.js'
import { ATTRIBUTE, GRAPH, NODE } from './schema.js'
import { mapSliced, type Sliced } from './slices.js'

/** Decodes a `GraphProto`; `depth` counts the graphs around it. */
export function* decodeGraph(context: DecodeContext, field: WireField, depth: number): Sliced<OnnxGraph> {
  const { maxDepth } = context.limits
  if (depth > maxDepth) throw limitExceeded('levels of nested graphs', 'maxDepth', maxDepth)
  const graph = yield* Fields.read(context, GRAPH, field)
  const inputs = yield* mapSliced(graph.all(11), each => decodeValueInfo(context, each))
  const outputs = yield* mapSliced(graph.all(12), each => decodeValueInfo(context, each))
  const initializers = yield* mapSliced(graph.all(5), each => decodeTensor(context, each))
  const name = graph.text(2)
  assertDistinct(name, 'input', inputs)
  assertDistinct(name, 'output', outputs)
  assertDistinct(name, 'initializer', initializers)
  return {
    name,
    nodes: yield* mapSliced(graph.all(1), each => decodeNode(context, each, depth)),
    initializers,
    sparseInitializers: yield* mapSliced(graph.all(15), each => decodeSparseTensor(context, each)),
    inputs,
    outputs,
    values: yield* mapSliced(graph.all(13), each => decodeValueInfo(context, each)),
  }
}

/** Decodes a `NodeProto`; `depth` counts the graphs around it, its own excepted. */
export function* decodeNode(context: DecodeContext, field: WireField, depth: number): Sliced<OnnxNode> {
  const node = yield* Fields.read(context, NODE, field)
  const attributes = yield* mapSliced(node.all(5), each => decodeAttribute(context, each, depth))
  assertDistinct(node.text(4), 'attribute', attributes)
  return {
    name: node.text(3),
    domain: normalDomain(node.text(7)),
    operator: node.text(4),
    overload: node.text(8),
    inputs: yield* node.allText(1),
    outputs: yield* node.allText(2),
    attributes,
  }
}

/** `ai.onnx` and the empty domain are one. */
export function normalDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain
}

/** `AttributeProto.AttributeType` → the field that holds such a value. */
const VALUE_FIELDS: readonly (number | undefined)[] = [
  undefined,
  2,
  3,
  4,
  5,
  6,
  7,
  8,
  9,
  10,
  11,
  22,
  23,
  14,
  15,
]

/** Decodes an `AttributeProto`; `depth` counts the graphs around its node. */
export function* decodeAttribute(
  context: DecodeContext,
  field: WireField,
  depth: number,
): Sliced<OnnxAttribute> {
  const attribute = yield* Fields.read(context, ATTRIBUTE, field)
  const name = attribute.text(1)
  const present = VALUE_FIELDS.filter(number => number !== undefined && attribute.has(number))
  if (attribute.has(21)) {
    if (present.length > 0) throw malformed(`attribute '${name}' has a value and refers to another`)
    return { name, value: { kind: 'reference', attribute: attribute.text(21) } }
  }
  const type = attribute.number(20) ?? 0
  if (type < 0 || type >= VALUE_FIELDS.length)
    throw malformed(`attribute '${name}' is of unknown type ${type}`)
  const valueField = VALUE_FIELDS[type] ?? present[0]
  if (valueField === undefined) throw malformed(`attribute '${name}' has no type`)
  if (present.some(number => number !== valueField))
    throw malformed(`attribute '${name}' has values of two types`)
  return { name, value: yield* decodeValue(context, attribute, name, valueField, depth) }
}

function* decodeValue(
  context: DecodeContext,
  attribute: Fields,
  name: string,
  valueField: number,
  depth: number,
): Sliced<AttributeValue> {
  const all = attribute.all(valueField)
  const single = (): WireField => {
    const [only] = all
    if (only === undefined) throw malformed(`attribute '${name}' has no value`)
    return only
  }
  switch (valueField) {
    case 2:
      // A value of zero may be left out; an older exporter does so.
      return { kind: 'float', value: attribute.floats(2)[0] ?? 0 }
    case 3:
      return { kind: 'int', value: attribute.integer(3) ?? 0n }
    case 4:
      return { kind: 'string', value: attribute.bytes(4) }
    case 5:
      return { kind: 'tensor', tensors: [yield* decodeTensor(context, single())] }
    case 6:
      return { kind: 'graph', graphs: [yield* decodeGraph(context, single(), depth + 1)] }
    case 7:
      return { kind: 'floats', values: attribute.floats(7) }
    case 8:
      return { kind: 'ints', values: yield* attribute.integers(8) }
    case 9:
      return { kind: 'strings', values: attribute.allBytes(9) }
    case 10:
      return { kind: 'tensors', tensors: yield* mapSliced(all, each => decodeTensor(context, each)) }
    case 11:
      return { kind: 'graphs', graphs: yield* mapSliced(all, each => decodeGraph(context, each, depth + 1)) }
    case 14:
      return { kind: 'type', types: [yield* requireType(context, single(), name)] }
    case 15:
      return { kind: 'types', types: yield* mapSliced(all, each => requireType(context, each, name)) }
    case 22:
      return { kind: 'sparse-tensor', tensors: [yield* decodeSparseTensor(context, single())] }
    default:
      return {
        kind: 'sparse-tensors',
        tensors: yield* mapSliced(all, each => decodeSparseTensor(context, each)),
      }
  }
}

function* requireType(context: DecodeContext, field: WireField, name: string): Sliced<ValueType> {
  const type = yield* decodeType(context, field)
  if (type === undefined) throw malformed(`attribute '${name}' is a type that says nothing`)
  return type
}

function assertDistinct(owner: string, what: string, named: readonly { readonly name: string }[]): void {
  const seen = new Set<string>()
  for (const { name } of named) {
    if (seen.has(name)) throw malformed(`'${owner}' has two of ${what} '${name}'`, { name })
    seen.add(name)
  }
}
