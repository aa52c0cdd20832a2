import type { WireField } from '../wire/field.js'
import { limitExceeded, malformed } from '../wire/rejection.js'
import { decodeSparseTensor, decodeTensor } from './decode-tensor.js'
import { decodeType, decodeValueInfo } from './decode-type.js'
import { type DecodeContext, Fields } from './fields.js'
import type { AttributeValue, OnnxAttribute, OnnxGraph, OnnxNode, ValueType } from './model.js'
import { ATTRIBUTE, GRAPH, NODE } from './schema.js'

/** Decodes a `GraphProto`; `depth` counts the graphs around it. */
export function decodeGraph(context: DecodeContext, field: WireField, depth: number): OnnxGraph {
  const { maxDepth } = context.limits
  if (depth > maxDepth) throw limitExceeded('levels of nested graphs', 'maxDepth', maxDepth)
  const graph = new Fields(context, GRAPH, field)
  const inputs = graph.all(11).map(each => decodeValueInfo(context, each))
  const outputs = graph.all(12).map(each => decodeValueInfo(context, each))
  const initializers = graph.all(5).map(each => decodeTensor(context, each))
  const name = graph.text(2)
  assertDistinct(name, 'input', inputs)
  assertDistinct(name, 'output', outputs)
  assertDistinct(name, 'initializer', initializers)
  return {
    name,
    nodes: graph.all(1).map(each => decodeNode(context, each, depth)),
    initializers,
    sparseInitializers: graph.all(15).map(each => decodeSparseTensor(context, each)),
    inputs,
    outputs,
    values: graph.all(13).map(each => decodeValueInfo(context, each)),
  }
}

/** Decodes a `NodeProto`; `depth` counts the graphs around it, its own excepted. */
export function decodeNode(context: DecodeContext, field: WireField, depth: number): OnnxNode {
  const node = new Fields(context, NODE, field)
  const attributes = node.all(5).map(each => decodeAttribute(context, each, depth))
  assertDistinct(node.text(4), 'attribute', attributes)
  return {
    name: node.text(3),
    domain: normalDomain(node.text(7)),
    operator: node.text(4),
    overload: node.text(8),
    inputs: node.allText(1),
    outputs: node.allText(2),
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
export function decodeAttribute(context: DecodeContext, field: WireField, depth: number): OnnxAttribute {
  const attribute = new Fields(context, ATTRIBUTE, field)
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
  return { name, value: decodeValue(context, attribute, name, valueField, depth) }
}

function decodeValue(
  context: DecodeContext,
  attribute: Fields,
  name: string,
  valueField: number,
  depth: number,
): AttributeValue {
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
      return { kind: 'tensor', tensors: [decodeTensor(context, single())] }
    case 6:
      return { kind: 'graph', graphs: [decodeGraph(context, single(), depth + 1)] }
    case 7:
      return { kind: 'floats', values: attribute.floats(7) }
    case 8:
      return { kind: 'ints', values: attribute.integers(8) }
    case 9:
      return { kind: 'strings', values: attribute.allBytes(9) }
    case 10:
      return { kind: 'tensors', tensors: all.map(each => decodeTensor(context, each)) }
    case 11:
      return { kind: 'graphs', graphs: all.map(each => decodeGraph(context, each, depth + 1)) }
    case 14:
      return { kind: 'type', types: [requireType(context, single(), name)] }
    case 15:
      return { kind: 'types', types: all.map(each => requireType(context, each, name)) }
    case 22:
      return { kind: 'sparse-tensor', tensors: [decodeSparseTensor(context, single())] }
    default:
      return { kind: 'sparse-tensors', tensors: all.map(each => decodeSparseTensor(context, each)) }
  }
}

function requireType(context: DecodeContext, field: WireField, name: string): ValueType {
  const type = decodeType(context, field)
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
