import type { OnnxGraph, OnnxModel, OnnxNode, OnnxSparseTensor, OnnxTensor } from './model.js'

/** A graph or function body on the way of {@link walkGraphs}: its nodes and weights, and how deep it lies. */
export interface Body {
  readonly nodes: readonly OnnxNode[]
  readonly initializers: readonly OnnxTensor[]
  readonly sparseInitializers: readonly OnnxSparseTensor[]
  readonly depth: number
}

/** The model's graph, its functions' bodies and every graph inside them, outermost first. */
export function* walkGraphs(model: OnnxModel): Generator<Body> {
  yield* walkBody({ ...model.graph, depth: 0 })
  for (const { nodes } of model.functions) {
    yield* walkBody({ nodes, initializers: [], sparseInitializers: [], depth: 0 })
  }
}

/** The graphs that a node holds in its attributes. */
export function* subgraphs(node: OnnxNode): Generator<OnnxGraph> {
  for (const { value } of node.attributes) {
    if (value.kind === 'graph' || value.kind === 'graphs') yield* value.graphs
  }
}

/** Every weight of the model: initializers and tensors in attributes, those of functions and subgraphs too. */
export function* walkTensors(model: OnnxModel): Generator<OnnxTensor> {
  for (const { defaults } of model.functions) {
    for (const { value } of defaults) yield* attributeTensors(value)
  }
  for (const { nodes, initializers, sparseInitializers } of walkGraphs(model)) {
    yield* initializers
    for (const { values, indices } of sparseInitializers) yield* [values, indices]
    for (const { attributes } of nodes) {
      for (const { value } of attributes) yield* attributeTensors(value)
    }
  }
}

function* walkBody(body: Body): Generator<Body> {
  yield body
  for (const node of body.nodes) {
    for (const graph of subgraphs(node)) yield* walkBody({ ...graph, depth: body.depth + 1 })
  }
}

function* attributeTensors(value: OnnxNode['attributes'][number]['value']): Generator<OnnxTensor> {
  if (value.kind === 'tensor' || value.kind === 'tensors') yield* value.tensors
  if (value.kind === 'sparse-tensor' || value.kind === 'sparse-tensors') {
    for (const { values, indices } of value.tensors) yield* [values, indices]
  }
}
