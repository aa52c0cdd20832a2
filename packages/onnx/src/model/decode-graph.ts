import { limitExceeded, malformed, type WireField } from '../wire/field.js'
import { decodeAttribute } from './decode-attribute.js'
import { decodeSparseTensor, decodeTensor } from './decode-tensor.js'
import { decodeValueInfo } from './decode-type.js'
import { type DecodeContext, Fields } from './fields.js'
import type { OnnxGraph, OnnxNode } from './model.js'
import { GRAPH, NODE } from './schema.js'

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

function assertDistinct(owner: string, what: string, named: readonly { readonly name: string }[]): void {
  const seen = new Set<string>()
  for (const { name } of named) {
    if (seen.has(name)) throw malformed(`'${owner}' has two of ${what} '${name}'`, { name })
    seen.add(name)
  }
}
