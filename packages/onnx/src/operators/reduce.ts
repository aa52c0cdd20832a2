import type { OnnxElementType } from '../element-types.js'
import type { Call } from '../shapes/call.js'
import type { Fact } from '../shapes/fact.js'
import type { Size } from '../shapes/size.js'
import { add, maximum, minimum, multiply } from '../shapes/size.js'
import { microsoft, type OperatorRule, onnx, type RuleEntry } from './rule.js'
import { perInput, SIMPLE, TRANSCENDENTAL } from './work-rules.js'

/** Axes of an attribute before a version, of an input from it on; `undefined` where only a run will tell. */
function axesOf(call: Call, inputSince: number): readonly number[] | 'all' | undefined {
  const isInput = call.version >= inputSince
  if (isInput && call.has(1) && call.numbers(1) === undefined) {
    return call.dims(1)?.[0] === 0 ? emptyAxes(call) : undefined
  }
  const axes = isInput ? call.numbers(1) : call.ints('axes')
  return axes === undefined || axes.length === 0 ? emptyAxes(call) : axes
}

/** No axes mean all of them, unless the node says that they mean none. */
function emptyAxes(call: Call): readonly number[] | 'all' {
  return call.int('noop_with_empty_axes', 0) !== 0 ? [] : 'all'
}

const FOLDS: Readonly<Record<string, (a: Size, b: Size) => Size>> = {
  ReduceProd: multiply,
  ReduceSum: add,
  ReduceMax: maximum,
  ReduceMin: minimum,
}

/** A reduction over axes; those of version `inputSince` on are an input. */
function reduce(inputSince: number, operations = SIMPLE): OperatorRule {
  return {
    infer: call => [reduced(call, axesOf(call, inputSince))],
    work: perInput(operations),
  }
}

function reduced(call: Call, axes: readonly number[] | 'all' | undefined): Fact {
  const { type, dims, values } = call.fact(0)
  const keeps = call.int('keepdims', 1) !== 0
  if (dims === undefined) return axes === 'all' && !keeps ? { type, dims: [] } : { type, dims }
  if (axes === undefined) return unknownAxes(call, dims, keeps)
  const gone = new Set(axes === 'all' ? dims.keys() : axes.map(axis => call.axis(axis, dims.length)))
  const left = keeps
    ? dims.map((size, axis): Size => (gone.has(axis) ? 1 : size))
    : dims.filter((_, axis) => !gone.has(axis))
  const fold = FOLDS[call.node.operator]
  const isWhole = gone.size === dims.length && values !== undefined && values.length > 0
  if (fold === undefined || !isWhole || !values.every(isWholeNumber)) return { type, dims: left }
  return { type, dims: left, values: [values.reduce(fold)] }
}

function isWholeNumber(size: Size): boolean {
  return typeof size !== 'number' || Number.isInteger(size)
}

function unknownAxes(call: Call, dims: readonly Size[], keeps: boolean): Fact {
  const type = call.type(0)
  if (keeps)
    return {
      type,
      dims: dims.map(size =>
        size === 1 ? 1 : call.fresh(0, typeof size === 'number' ? Math.max(1, size) : size.high),
      ),
    }
  const [count] = call.dims(1) ?? []
  if (typeof count !== 'number') return { type, dims: undefined, elements: elementsOf(dims) }
  return { type, dims: call.freshDims(Math.max(0, dims.length - count)) }
}

function elementsOf(dims: readonly Size[]): Size {
  return dims.reduce<Size>((total, size) => multiply(total, size), 1)
}

/** The place of the largest or smallest along an axis. */
const argument: OperatorRule = {
  infer: call => {
    const dims = call.dims(0)
    const type: OnnxElementType = 'int64'
    if (dims === undefined) return [{ type, dims }]
    const axis = call.axis(call.int('axis', 0), dims.length)
    return [{ type, dims: call.int('keepdims', 1) === 0 ? dims.toSpliced(axis, 1) : dims.with(axis, 1) }]
  },
  work: perInput(SIMPLE),
}

/** Losses: one number, or one for each sample. */
const loss: OperatorRule = {
  infer: call => {
    const type = call.type(0)
    const isWhole = call.text('reduction', 'mean') !== 'none'
    return [
      { type, dims: isWhole ? [] : call.dims(1) },
      { type, dims: call.dims(0) },
    ]
  },
  work: perInput(TRANSCENDENTAL),
}

const determinant: OperatorRule = {
  infer: call => [{ type: call.type(0), dims: call.dims(0)?.slice(0, -2) }],
  // Elimination: one multiply-add for each element and row.
  work: (call, outputs) => {
    const rows = call.dims(0)?.at(-1)
    return {
      macs: call.elements(call.fact(0)) * (rows === undefined ? 1n : call.upper(rows)),
      bytes: call.allBytes(outputs),
    }
  },
}

/** Reductions. */
export const REDUCE: readonly RuleEntry[] = [
  onnx('ReduceSum', 1, reduce(13)),
  onnx('ReduceMean ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceSumSquare', 1, reduce(18)),
  onnx('ReduceLogSum ReduceLogSumExp', 1, reduce(18, TRANSCENDENTAL)),
  onnx('ArgMax ArgMin', 1, argument),
  onnx('NegativeLogLikelihoodLoss SoftmaxCrossEntropyLoss', 12, loss),
  onnx('Det', 11, determinant),
  microsoft('ReduceSumInteger', reduce(2)),
  microsoft('QLinearReduceMean', reduce(2)),
]
