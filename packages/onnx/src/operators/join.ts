import type { Call } from '../shapes/call.js'
import { conflict } from '../shapes/conflict.js'
import { MAX_VALUES } from '../shapes/constants.js'
import { type Fact, UNKNOWN } from '../shapes/fact.js'
import { add, highOf, maximum, multiply, type Size, sameSize } from '../shapes/size.js'
import { broadcastSizes, exactDims, sourceIndex, unify } from './broadcast.js'
import { sameAsInput } from './elementwise.js'
import { microsoft, type OperatorRule, onnx, type RuleEntry } from './rule.js'
import { perInput, SIMPLE } from './work-rules.js'

/** The dimensions of tensors laid end to end along an axis. */
export function concatenated(call: Call, all: readonly Fact[], axis: number): readonly Size[] | undefined {
  const known = all.filter(fact => fact.dims !== undefined)
  const [first] = known
  if (first?.dims === undefined) return undefined
  const at = call.axis(axis, first.dims.length)
  if (known.length < all.length) return first.dims.with(at, call.fresh())
  let joined = first.dims
  for (const { dims } of known.slice(1)) {
    if (dims!.length !== joined.length) conflict(`ranks ${joined.length} and ${dims!.length} in one Concat`)
    joined = joined.map((size, each) => (each === at ? add(size, dims![each]!) : unify(size, dims![each]!)))
  }
  return joined
}

const concat: OperatorRule = {
  infer: call => {
    const facts = call.inputs.map(each => each ?? UNKNOWN)
    const type = facts[0]?.type
    const dims = concatenated(call, facts, call.int('axis', call.version < 4 ? 1 : 0))
    const isList = dims?.length === 1 && facts.every(each => each.values !== undefined)
    if (!isList) return [{ type, dims }]
    const values = facts.flatMap(each => each.values!)
    return [values.length > MAX_VALUES ? { type, dims } : { type, dims, values }]
  },
}

/** A tensor repeated to another shape. */
const expand: OperatorRule = {
  infer: call => {
    const { type, dims, values } = call.fact(0)
    const target = call.values(1)
    if (target === undefined || dims === undefined) return [{ type, dims: unknownExpansion(call, dims) }]
    const rank = Math.max(dims.length, target.length)
    const expanded = Array.from({ length: rank }, (_, axis): Size => {
      const size = dims[axis - rank + dims.length]
      const wanted = target[axis - rank + target.length]
      return size === undefined ? wanted! : wanted === undefined ? size : broadcastSizes(size, wanted)
    })
    const [to, from] = [exactDims(expanded), exactDims(dims)]
    const count = to?.reduce((total, dim) => total * dim, 1)
    if (values === undefined || to === undefined || from === undefined || count! > MAX_VALUES) {
      return [{ type, dims: expanded }]
    }
    const spread = Array.from({ length: count! }, (_, index) => values[sourceIndex(index, to, from)]!)
    return [{ type, dims: expanded, values: spread }]
  },
}

function unknownExpansion(call: Call, dims: readonly Size[] | undefined): readonly Size[] | undefined {
  const [rank] = call.dims(1) ?? []
  if (typeof rank !== 'number' || dims === undefined) return undefined
  const count = Math.max(rank, dims.length)
  return call.freshDims(count).map((open, axis) => {
    const size = dims[axis - count + dims.length]
    return size === undefined || size === 1 ? open : size
  })
}

const tile: OperatorRule = {
  infer: call => {
    const { type, dims } = call.fact(0)
    if (dims === undefined) return [{ type, dims }]
    if (call.version < 6) {
      const [times, axis] = [call.values(1)?.[0] ?? call.fresh(), call.numbers(2)?.[0]]
      if (axis === undefined) return [{ type, dims: call.freshDims(dims.length) }]
      const at = call.axis(axis, dims.length)
      return [{ type, dims: dims.with(at, multiply(dims[at]!, times)) }]
    }
    const repeats = call.values(1)
    return [{ type, dims: dims.map((size, axis) => multiply(size, repeats?.[axis] ?? call.fresh())) }]
  },
}

const pad: OperatorRule = {
  infer: call => {
    const { type, dims } = call.fact(0)
    if (dims === undefined) return [sameAsInput(call)]
    const pads: readonly Size[] | undefined =
      call.version < 11 && call.node.domain === ''
        ? (call.ints('pads') ?? call.ints('paddings'))
        : call.values(1)
    if (pads === undefined) return [{ type, dims: call.freshDims(dims.length) }]
    const axes = call.has(3) ? call.numbers(3) : dims.map((_, axis) => axis)
    if (axes === undefined) return [{ type, dims: call.freshDims(dims.length) }]
    const padded = [...dims]
    for (const [index, axis] of axes.entries()) {
      const at = call.axis(axis, dims.length)
      const [before, after] = [pads[index] ?? 0, pads[index + axes.length] ?? 0]
      padded[at] = maximum(0, add(dims[at]!, add(before, after)))
    }
    return [{ type, dims: padded }]
  },
}

const centerCropPad: OperatorRule = {
  infer: call => {
    const { type, dims } = call.fact(0)
    const target = call.values(1)
    if (dims === undefined) return [{ type, dims }]
    const axes = call.ints('axes') ?? dims.map((_, axis) => axis)
    const cropped = [...dims]
    for (const [index, axis] of axes.entries()) {
      cropped[call.axis(axis, dims.length)] = target?.[index] ?? call.fresh()
    }
    return [{ type, dims: cropped }]
  },
}

/** Updates written into a copy of the data. */
const scatter: OperatorRule = {
  infer: call => [sameAsInput(call)],
}

/** Elements put in another order. */
const reordered: OperatorRule = { infer: call => [sameAsInput(call)] }

/** Sums along an axis, element by element. */
const cumulative: OperatorRule = { infer: call => [sameAsInput(call)], work: perInput(SIMPLE) }

const col2Im: OperatorRule = {
  infer: call => {
    const dims = call.dimsOfRank(0, 3)
    const image = call.values(1)
    const block = call.numbers(2)
    const [n, c] = dims ?? []
    const area = block?.reduce((total, size) => total * size, 1)
    const channels =
      typeof c === 'number' && area !== undefined && area > 0
        ? c / area
        : call.fresh(0, c === undefined ? undefined : highOf(c))
    const [rank] = call.dims(1) ?? []
    const spatial = image ?? call.freshDims(typeof rank === 'number' ? rank : 2)
    return [{ type: call.type(0), dims: [n ?? call.fresh(), channels, ...spatial] }]
  },
  work: perInput(SIMPLE),
}

/** Whether two lists of sizes are known to be the same. */
export function sameDims(a: readonly Size[] | undefined, b: readonly Size[] | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return a.length === b.length && a.every((size, axis) => sameSize(size, b[axis]!))
}

/** Operators that put elements together or in other places. */
export const JOIN: readonly RuleEntry[] = [
  onnx('Concat', 1, concat),
  onnx('Expand', 8, expand),
  onnx('Tile', 1, tile),
  onnx('Pad', 1, pad),
  onnx('CenterCropPad', 18, centerCropPad),
  onnx('Scatter', 9, scatter),
  onnx('ScatterElements ScatterND', 11, scatter),
  onnx('TensorScatter', 24, scatter),
  onnx('ReverseSequence', 10, reordered),
  onnx('Trilu', 14, reordered),
  microsoft('Trilu', reordered),
  microsoft('Pad', pad),
  onnx('CumSum', 11, cumulative),
  onnx('CumProd', 26, cumulative),
  onnx('Col2Im', 18, col2Im),
]
