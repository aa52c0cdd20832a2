import { functionKey, functionTable } from '../check/functions.js'
import type { OnnxFunction, OnnxGraph, OnnxModel, OnnxNode } from '../model/model.js'
import { subgraphs, walkGraphs } from '../model/walk.js'
import { malformed } from '../wire/rejection.js'

/** In which order the nodes of a graph or function body run, and what ends with each. */
export interface BodyPlan {
  readonly order: readonly OnnxNode[]
  /** For each node of `order`, the body's own values that nothing after it uses. */
  readonly lastUses: readonly (readonly string[])[]
}

/** Plans of a model. */
export interface ModelPlan {
  /** Of every graph and function body, by its list of nodes. */
  readonly bodies: ReadonlyMap<readonly OnnxNode[], BodyPlan>
  /** Which of the model's own functions a node calls. */
  readonly calls: ReadonlyMap<OnnxNode, OnnxFunction>
}

/** Plans every graph and function of a model. @throws OnnxError `ONNX_MALFORMED` where nodes need each other. */
export function planModel(model: OnnxModel): ModelPlan {
  const bodies = new Map<readonly OnnxNode[], BodyPlan>()
  planGraph(model.graph, bodies)
  for (const { nodes, outputs } of model.functions) planBody(nodes, outputs, bodies)
  return { bodies, calls: functionCalls(model) }
}

function functionCalls(model: OnnxModel): ReadonlyMap<OnnxNode, OnnxFunction> {
  const calls = new Map<OnnxNode, OnnxFunction>()
  const functions = functionTable(model)
  if (functions.size === 0) return calls
  for (const { nodes } of walkGraphs(model)) {
    for (const node of nodes) {
      const fn = functions.get(functionKey(node))
      if (fn !== undefined) calls.set(node, fn)
    }
  }
  return calls
}

/** Plans a graph and those inside it; returns the names that it takes from outside. */
function planGraph(graph: OnnxGraph, plans: Map<readonly OnnxNode[], BodyPlan>): ReadonlySet<string> {
  const outputs = graph.outputs.map(({ name }) => name)
  const used = new Set(planBody(graph.nodes, outputs, plans))
  for (const { name } of [...graph.inputs, ...graph.initializers]) used.delete(name)
  for (const { values } of graph.sparseInitializers) used.delete(values.name)
  return used
}

function planBody(
  nodes: readonly OnnxNode[],
  outputs: readonly string[],
  plans: Map<readonly OnnxNode[], BodyPlan>,
): ReadonlySet<string> {
  const uses = new Map(nodes.map(node => [node, usesOf(node, plans)]))
  const order = inOrder(nodes, uses)
  const kept = new Set(outputs)
  const seen = new Set<string>()
  const lastUses = order.map((): string[] => [])
  for (let index = order.length - 1; index >= 0; index--) {
    for (const name of [...uses.get(order[index]!)!, ...order[index]!.outputs]) {
      if (name === '' || kept.has(name) || seen.has(name)) continue
      seen.add(name)
      lastUses[index]!.push(name)
    }
  }
  plans.set(nodes, { order, lastUses })
  const produced = new Set(nodes.flatMap(node => node.outputs))
  return new Set([...seen, ...kept].filter(name => !produced.has(name)))
}

/** Names that a node needs, those that its subgraphs take from outside included. */
function usesOf(node: OnnxNode, plans: Map<readonly OnnxNode[], BodyPlan>): readonly string[] {
  const names = node.inputs.filter(name => name !== '')
  for (const graph of subgraphs(node)) {
    for (const name of planGraph(graph, plans)) names.push(name)
  }
  return names
}

/** The nodes as they are where every value is made before it is used, as ONNX asks; else sorted so. */
function inOrder(
  nodes: readonly OnnxNode[],
  uses: ReadonlyMap<OnnxNode, readonly string[]>,
): readonly OnnxNode[] {
  const maker = new Map<string, OnnxNode>()
  for (const node of nodes) for (const name of node.outputs) if (name !== '') maker.set(name, node)
  const done = new Set<OnnxNode>()
  const isReady = (node: OnnxNode) =>
    uses.get(node)!.every(name => {
      const made = maker.get(name)
      return made === undefined || done.has(made)
    })
  if (nodes.every(node => isReady(node) && done.add(node))) return nodes
  return sorted(nodes, uses, maker)
}

function sorted(
  nodes: readonly OnnxNode[],
  uses: ReadonlyMap<OnnxNode, readonly string[]>,
  maker: ReadonlyMap<string, OnnxNode>,
): readonly OnnxNode[] {
  const waiting = new Map<OnnxNode, number>()
  const users = new Map<OnnxNode, OnnxNode[]>()
  for (const node of nodes) {
    const makers = new Set(uses.get(node)!.map(name => maker.get(name)))
    makers.delete(undefined)
    waiting.set(node, makers.size)
    for (const made of makers) {
      const known = users.get(made!)
      if (known === undefined) users.set(made!, [node])
      else known.push(node)
    }
  }
  const order = nodes.filter(node => waiting.get(node) === 0)
  for (const node of order) {
    for (const user of users.get(node) ?? []) {
      const left = waiting.get(user)! - 1
      waiting.set(user, left)
      if (left === 0) order.push(user)
    }
  }
  if (order.length < nodes.length) throw malformed('nodes of a graph need each other in a circle')
  return order
}
