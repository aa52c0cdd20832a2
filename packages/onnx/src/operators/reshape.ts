import type { Call } from '../shapes/call.js'
import { conflict } from '../shapes/conflict.js'
import type { Fact } from '../shapes/fact.js'
import { floorDivide, highOf, multiply, product, type Size } from '../shapes/size.js'
import { type OperatorRule, onnx, type RuleEntry } from './rule.js'
import { noWork } from './work-rules.js'

/** A view of the first input with other dimensions; elements stay as they are. */
function view(infer: (call: Call) => readonly Size[] | undefined): OperatorRule {
  return {
    infer: call => {
      const input = call.fact(0)
      const dims = infer(call)
      const type = input.type
      if (dims === undefined) return [{ type, dims, elements: elementCount(call, input) }]
      return [input.values === undefined ? { type, dims } : { type, dims, values: input.values }]
    },
    work: noWork,
    isView: true,
  }
}

/** How many elements a value has, as a size. */
function elementCount(call: Call, { dims, elements }: Fact): Size {
  return dims === undefined ? (elements ?? call.fresh()) : product(dims)
}

const reshape = view(call => {
  const input = call.fact(0)
  const target = call.version < 5 ? call.ints('shape') : call.values(1)
  if (target === undefined) return unknownTarget(call, input)
  const keepsZero = call.int('allowzero', 0) !== 0
  const dims = target.map((size, axis): Size | undefined => {
    if (size === -1) return undefined
    if (size === 0 && !keepsZero) return input.dims?.[axis] ?? call.fresh()
    return size
  })
  return withFilled(call, input, dims)
})

/** The one dimension that is left open takes what remains of the elements. */
function withFilled(call: Call, input: Fact, dims: readonly (Size | undefined)[]): readonly Size[] {
  const total = elementCount(call, input)
  const given = dims.filter(size => size !== undefined)
  const known = product(given)
  const open = dims.length - given.length
  if (open > 1) conflict('two dimensions of -1')
  if (open === 0) {
    if (typeof known === 'number' && typeof total === 'number' && known !== total) {
      conflict(`${total} elements as [${given.join(', ')}]`)
    }
    return boundedBy(call, given, total)
  }
  if (
    typeof known === 'number' &&
    typeof total === 'number' &&
    (known === 0 ? total > 0 : total % known > 0)
  ) {
    conflict(`${total} elements as [${dims.map(dim => dim ?? -1).join(', ')}]`)
  }
  const filled = floorDivide(total, known)
  return boundedBy(
    call,
    dims.map(size => size ?? filled),
    total,
  )
}

/** A size that only a run will tell is at most what the elements allow; one alone is what remains of them. */
function boundedBy(call: Call, dims: readonly Size[], total: Size): readonly Size[] {
  const isOpen = (size: Size) => typeof size !== 'number' && size.anonymous
  const open = dims.filter(isOpen)
  if (open.length === 0) return dims
  const rest = product(dims.filter(size => !isOpen(size)))
  const left = rest === 0 ? 0 : floorDivide(total, rest)
  if (open.length === 1 && typeof left === 'number') return dims.map(size => (isOpen(size) ? left : size))
  return dims.map(size => {
    if (!isOpen(size) || highOf(size) <= highOf(left)) return size
    return call.fresh(0, highOf(left))
  })
}

/** The target is computed from elements: its rank may be known from the target's own shape. */
function unknownTarget(call: Call, input: Fact): readonly Size[] | undefined {
  const [rank] = call.dims(1) ?? []
  if (typeof rank !== 'number') return undefined
  const most = highOf(elementCount(call, input))
  return call.freshDims(rank).map(() => call.fresh(0, most))
}

const flatten = view(call => {
  const dims = call.dims(0)
  const axis = call.int('axis', 1)
  if (dims === undefined) return [call.fresh(), call.fresh()]
  const at = axis < 0 ? axis + dims.length : axis
  return [product(dims.slice(0, at)), product(dims.slice(at))]
})

/** Axes of an attribute before version 13, of an input from then on. */
function axesOf(call: Call): readonly number[] | undefined {
  return call.version < 13 ? call.ints('axes') : call.numbers(1)
}

const squeeze = view(call => {
  const dims = call.dims(0)
  if (dims === undefined) return undefined
  const axes = axesOf(call)
  if (axes === undefined && call.has(1)) {
    const [removed] = call.dims(1) ?? []
    return typeof removed === 'number' ? call.freshDims(Math.max(0, dims.length - removed)) : undefined
  }
  const removed = new Set(axes?.map(axis => call.axis(axis, dims.length)))
  return dims.filter((size, axis) => (axes === undefined ? size !== 1 : !removed.has(axis)))
})

const unsqueeze = view(call => {
  const dims = call.dims(0)
  const axes = axesOf(call)
  if (dims === undefined) return undefined
  if (axes === undefined) {
    const [added] = call.dims(1) ?? []
    return typeof added === 'number' ? call.freshDims(dims.length + added) : undefined
  }
  const rank = dims.length + axes.length
  const added = new Set(axes.map(axis => call.axis(axis, rank)))
  if (added.size < axes.length) conflict('an axis is given twice')
  const rest = dims.values()
  return Array.from({ length: rank }, (_, axis): Size => (added.has(axis) ? 1 : rest.next().value!))
})

const transpose: OperatorRule = {
  infer: call => {
    const { type, dims } = call.fact(0)
    if (dims === undefined) return [call.fact(0)]
    const order = call.ints('perm') ?? dims.map((_, axis) => dims.length - 1 - axis)
    if (order.length !== dims.length) conflict(`an order of ${order.length} axes for rank ${dims.length}`)
    return [{ type, dims: order.map(axis => dims[call.axis(axis, dims.length)]!) }]
  },
}

const shape: OperatorRule = {
  infer: call => {
    const dims = call.dims(0)
    if (dims === undefined) return [{ type: 'int64', dims: [call.fresh(0, 32)] }]
    const rank = dims.length
    const clamped = (axis: number) => Math.min(rank, Math.max(0, axis < 0 ? axis + rank : axis))
    const part = dims.slice(clamped(call.int('start', 0)), clamped(call.int('end', rank)))
    return [{ type: 'int64', dims: [part.length], values: part }]
  },
  work: noWork,
}

const size: OperatorRule = {
  infer: call => {
    const dims = call.dims(0)
    return [{ type: 'int64', dims: [], values: [dims === undefined ? call.fresh() : product(dims)] }]
  },
  work: noWork,
}

/** Blocks of pixels to channels and back. */
function rearrange(toDepth: boolean): OperatorRule {
  return {
    infer: call => {
      const dims = call.dimsOfRank(0, 4)
      const type = call.type(0)
      if (dims === undefined) return [{ type, dims }]
      const block = call.int('blocksize', 1)
      const [n, c, h, w] = dims as readonly [Size, Size, Size, Size]
      const scaled = toDepth
        ? [n, multiply(c, block * block), floorDivide(h, block), floorDivide(w, block)]
        : [n, floorDivide(c, block * block), multiply(h, block), multiply(w, block)]
      return [{ type, dims: scaled }]
    },
  }
}

/** Operators that give the same elements another shape. */
export const RESHAPE: readonly RuleEntry[] = [
  onnx('Reshape', 1, reshape),
  onnx('Flatten', 1, flatten),
  onnx('Squeeze', 1, squeeze),
  onnx('Unsqueeze', 1, unsqueeze),
  onnx('Transpose', 1, transpose),
  onnx('Shape', 1, shape),
  onnx('Size', 1, size),
  onnx('SpaceToDepth', 1, rearrange(true)),
  onnx('DepthToSpace', 1, rearrange(false)),
]
