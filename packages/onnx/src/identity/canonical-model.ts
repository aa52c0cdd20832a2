import { IR_WITH_DEFAULTS } from '../model/ir-version.js'
import type {
  AttributeValue,
  OnnxAttribute,
  OnnxFunction,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxSparseTensor,
  OnnxTensor,
  ValueInfo,
  ValueType,
} from '../model/model.js'
import type { CanonicalWriter } from './canonical-writer.js'

/** SHA-256 of a weight's raw bytes. */
export type DigestOf = (tensor: OnnxTensor) => Uint8Array

/** Writes what a model computes; the order of calls here is the definition of the canonical id. */
export function writeModel(to: CanonicalWriter, model: OnnxModel, digestOf: DigestOf): void {
  to.text('neurovoyance/onnx-model/1')
  writeOpsets(to, model.opsets)
  const functions = [...model.functions].sort((a, b) => compare(functionKey(a), functionKey(b)))
  to.integer(functions.length)
  for (const fn of functions) writeFunction(to, fn, digestOf)
  writeGraph(to, withoutConstantInputs(model), digestOf)
}

/** Below IR version 4 weights are listed among the inputs without being any. */
function withoutConstantInputs({ graph, irVersion }: OnnxModel): OnnxGraph {
  if (irVersion >= IR_WITH_DEFAULTS) return graph
  const weights = new Set(graph.initializers.map(({ name }) => name))
  return { ...graph, inputs: graph.inputs.filter(({ name }) => !weights.has(name)) }
}

function writeFunction(to: CanonicalWriter, fn: OnnxFunction, digestOf: DigestOf): void {
  to.texts([fn.domain, fn.name, fn.overload])
  writeOpsets(to, fn.opsets)
  to.texts(fn.inputs)
  to.texts(fn.outputs)
  to.texts([...fn.attributes].sort(compare))
  writeAttributes(to, fn.defaults, digestOf)
  writeNodes(to, fn.nodes, digestOf)
}

function writeGraph(to: CanonicalWriter, graph: OnnxGraph, digestOf: DigestOf): void {
  writeValues(to, graph.inputs)
  writeValues(to, graph.outputs)
  const initializers = [...graph.initializers].sort((a, b) => compare(a.name, b.name))
  to.integer(initializers.length)
  for (const tensor of initializers) writeTensor(to, tensor, digestOf)
  const sparse = [...graph.sparseInitializers].sort((a, b) => compare(a.values.name, b.values.name))
  to.integer(sparse.length)
  for (const tensor of sparse) writeSparseTensor(to, tensor, digestOf)
  writeNodes(to, graph.nodes, digestOf)
}

function writeNodes(to: CanonicalWriter, nodes: readonly OnnxNode[], digestOf: DigestOf): void {
  to.integer(nodes.length)
  for (const node of nodes) {
    to.texts([node.domain, node.operator, node.overload])
    to.texts(node.inputs)
    to.texts(node.outputs)
    writeAttributes(to, node.attributes, digestOf)
  }
}

function writeAttributes(
  to: CanonicalWriter,
  attributes: readonly OnnxAttribute[],
  digestOf: DigestOf,
): void {
  to.integer(attributes.length)
  for (const { name, value } of [...attributes].sort((a, b) => compare(a.name, b.name))) {
    to.text(name)
    to.text(value.kind)
    writeAttributeValue(to, value, digestOf)
  }
}

function writeAttributeValue(to: CanonicalWriter, value: AttributeValue, digestOf: DigestOf): void {
  switch (value.kind) {
    case 'float':
      to.float(value.value)
      break
    case 'int':
      to.integer(value.value)
      break
    case 'string':
      to.bytes(value.value)
      break
    case 'reference':
      to.text(value.attribute)
      break
    case 'floats':
      writeList(to, value.values, each => to.float(each))
      break
    case 'ints':
      writeList(to, value.values, each => to.integer(each))
      break
    case 'strings':
      writeList(to, value.values, each => to.bytes(each))
      break
    case 'tensor':
    case 'tensors':
      writeList(to, value.tensors, each => writeTensor(to, each, digestOf))
      break
    case 'sparse-tensor':
    case 'sparse-tensors':
      writeList(to, value.tensors, each => writeSparseTensor(to, each, digestOf))
      break
    case 'graph':
    case 'graphs':
      writeList(to, value.graphs, each => writeGraph(to, each, digestOf))
      break
    case 'type':
    case 'types':
      writeList(to, value.types, each => writeType(to, each))
      break
  }
}

function writeTensor(to: CanonicalWriter, tensor: OnnxTensor, digestOf: DigestOf): void {
  to.texts([tensor.name, tensor.elementType])
  writeList(to, tensor.dims, dim => to.integer(dim))
  to.bytes(digestOf(tensor))
}

function writeSparseTensor(to: CanonicalWriter, sparse: OnnxSparseTensor, digestOf: DigestOf): void {
  writeList(to, sparse.dims, dim => to.integer(dim))
  writeTensor(to, sparse.values, digestOf)
  writeTensor(to, sparse.indices, digestOf)
}

function writeValues(to: CanonicalWriter, values: readonly ValueInfo[]): void {
  writeList(to, values, ({ name, type }) => {
    to.text(name)
    writeType(to, type)
  })
}

function writeType(to: CanonicalWriter, type: ValueType | undefined): void {
  to.text(type?.kind ?? '')
  switch (type?.kind) {
    case 'tensor':
    case 'sparse-tensor':
      to.text(type.elementType)
      to.integer(type.dims === null ? -1 : type.dims.length)
      // A size, a symbol or nothing: told apart by their text.
      to.texts((type.dims ?? []).map(dim => (typeof dim === 'string' ? `'${dim}` : `${dim ?? ''}`)))
      break
    case 'map':
      to.text(type.key)
      writeType(to, type.value)
      break
    case 'sequence':
    case 'optional':
      writeType(to, type.element)
      break
  }
}

function writeOpsets(to: CanonicalWriter, opsets: ReadonlyMap<string, number>): void {
  writeList(
    to,
    [...opsets].sort(([a], [b]) => compare(a, b)),
    ([domain, version]) => {
      to.text(domain)
      to.integer(version)
    },
  )
}

function writeList<T>(
  to: CanonicalWriter,
  items: ArrayLike<T> & Iterable<T>,
  write: (item: T) => void,
): void {
  to.integer(items.length)
  for (const item of items) write(item)
}

/** Order by UTF-16 code units: the same on every machine, whatever its locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function functionKey({ domain, name, overload }: OnnxFunction): string {
  return JSON.stringify([domain, name, overload])
}
