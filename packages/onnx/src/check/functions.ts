import type { OnnxFunction, OnnxModel, OnnxNode } from '../model/model.js'
import { subgraphs } from '../model/walk.js'
import { limitExceeded, malformed } from '../wire/rejection.js'

/** Functions that call functions that call functions …: how deep. */
const MAX_CALL_DEPTH = 64

/** The model's own operators by what calls them. */
export type FunctionTable = ReadonlyMap<string, OnnxFunction>

/** What a call and a definition have in common. */
export function functionKey(fn: {
  readonly domain: string
  readonly operator: string
  readonly overload: string
}) {
  return JSON.stringify([fn.domain, fn.operator, fn.overload])
}

/** The functions that a model defines; throws `ONNX_MALFORMED` where two are the same. */
export function functionTable({ functions }: OnnxModel): FunctionTable {
  const table = new Map(functions.map(fn => [functionKey({ ...fn, operator: fn.name }), fn]))
  if (table.size < functions.length) throw malformed('two functions of the model have the same name')
  return table
}

/**
 * Operators of the model once every call of its own functions is replaced by its body, as ONNX Runtime does
 * when it loads: few bytes of functions that call functions can unfold without end.
 *
 * @throws OnnxError `ONNX_LIMIT_EXCEEDED` above `maxNodes`, `ONNX_MALFORMED` where functions call themselves.
 */
export function countExpandedNodes(model: OnnxModel, table: FunctionTable, maxNodes: number): number {
  const sizes = new Map<OnnxFunction, number>()
  const open = new Set<OnnxFunction>()

  const nodesIn = (nodes: readonly OnnxNode[]): number => {
    let count = 0
    for (const node of nodes) {
      const fn = table.get(functionKey(node))
      count += fn === undefined ? 1 : sizeOf(fn)
      for (const graph of subgraphs(node)) count += nodesIn(graph.nodes)
      if (count > maxNodes) throw limitExceeded('operators', 'maxNodes', maxNodes)
    }
    return count
  }

  const sizeOf = (fn: OnnxFunction): number => {
    const known = sizes.get(fn)
    if (known !== undefined) return known
    if (open.has(fn)) {
      throw malformed(`function '${fn.name}' calls itself`, { function: fn.name, domain: fn.domain })
    }
    if (open.size >= MAX_CALL_DEPTH)
      throw limitExceeded('levels of function calls', 'maxCallDepth', MAX_CALL_DEPTH)
    open.add(fn)
    const size = nodesIn(fn.nodes)
    open.delete(fn)
    sizes.set(fn, size)
    return size
  }

  if (model.graph.nodes.length > maxNodes) throw limitExceeded('operators', 'maxNodes', maxNodes)
  return nodesIn(model.graph.nodes)
}
