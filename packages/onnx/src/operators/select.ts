import type { Call } from '../shapes/call.js'
import { conflict } from '../shapes/conflict.js'
import { MAX_VALUES } from '../shapes/constants.js'
import type { Fact } from '../shapes/fact.js'
import {
  add,
  ceilDivide,
  clamp,
  highOf,
  lowOf,
  maximum,
  minimum,
  type Size,
  subtract,
} from '../shapes/size.js'
import { exactDims } from './broadcast.js'
import { sameAsInput } from './elementwise.js'
import { microsoft, type OperatorRule, onnx, type RuleEntry } from './rule.js'
import { readsWhatItWrites } from './work-rules.js'

/** Beyond this, the end of a slice means the end of its axis. */
const FAR = 2 ** 31 - 1

const gather: OperatorRule = {
  infer: call => {
    const [data, indices] = [call.fact(0), call.fact(1)]
    if (data.dims === undefined || indices.dims === undefined) return [{ type: data.type, dims: undefined }]
    const axis = call.axis(call.int('axis', 0), data.dims.length)
    const dims = [...data.dims.slice(0, axis), ...indices.dims, ...data.dims.slice(axis + 1)]
    const at = call.numbers(1)
    if (data.values === undefined || data.dims.length !== 1) return [{ type: data.type, dims }]
    if (at === undefined) return [{ type: data.type, dims, ...anyOf(call, data.values, dims) }]
    const { values } = data
    return [{ type: data.type, dims, values: at.map(index => pick(values, index)) }]
  },
  work: readsWhatItWrites,
}

function pick(values: readonly Size[], index: number): Size {
  return values[index < 0 ? index + values.length : index] ?? conflict(`index ${index} of ${values.length}`)
}

/** One of several elements, which one only a run will tell. */
function anyOf(call: Call, values: readonly Size[], dims: readonly Size[]): Pick<Fact, 'values'> {
  const count = exactDims(dims)?.reduce((total, dim) => total * dim, 1)
  if (count === undefined || count > MAX_VALUES || values.length === 0) return {}
  const low = Math.min(...values.map(lowOf))
  const high = Math.max(...values.map(highOf))
  return { values: Array.from({ length: count }, () => call.fresh(low, high)) }
}

const gatherElements: OperatorRule = {
  infer: call => [{ type: call.type(0), dims: call.dims(1) }],
  work: readsWhatItWrites,
}

const gatherND: OperatorRule = {
  infer: call => {
    const [data, indices] = [call.dims(0), call.dims(1)]
    const depth = indices?.at(-1)
    if (data === undefined || indices === undefined || typeof depth !== 'number') {
      return [{ type: call.type(0), dims: undefined }]
    }
    const batch = call.int('batch_dims', 0)
    return [{ type: call.type(0), dims: [...indices.slice(0, -1), ...data.slice(batch + depth)] }]
  },
  work: readsWhatItWrites,
}

/** Where one axis of a slice begins and ends, and how it steps. */
interface Cut {
  readonly start: Size | undefined
  readonly end: Size | undefined
  readonly step: Size | undefined
}

const slice: OperatorRule = {
  infer: call => {
    const { type, dims, values } = call.fact(0)
    if (dims === undefined) return [sameAsInput(call)]
    const cuts = cutsOf(call, dims.length)
    if (cuts === undefined) return [{ type, dims: dims.map(size => call.fresh(0, highOf(size))) }]
    const sliced = dims.map((size, axis) =>
      cuts[axis] === undefined ? size : cutLength(call, size, cuts[axis]),
    )
    const [cut] = cuts
    const taken =
      dims.length === 1 && cut !== undefined && values !== undefined ? take(values, cut) : undefined
    return [taken === undefined ? { type, dims: sliced } : { type, dims: sliced, values: taken }]
  },
  work: readsWhatItWrites,
}

/** Cuts by axis; `undefined` where it is not known which axes are cut. */
function cutsOf(call: Call, rank: number): readonly (Cut | undefined)[] | undefined {
  const isAttribute = call.version < 10
  const starts = isAttribute ? call.ints('starts') : call.values(1)
  const ends = isAttribute ? call.ints('ends') : call.values(2)
  const steps = call.values(4)
  const axes = isAttribute ? call.ints('axes') : call.numbers(3)
  if (axes === undefined && call.has(3)) return undefined
  const count = axes?.length ?? starts?.length ?? ends?.length ?? lengthOf(call.dims(1))
  if (count === undefined) return undefined
  const cuts: (Cut | undefined)[] = Array.from({ length: rank })
  for (let index = 0; index < count; index++) {
    const axis = call.axis(axes?.[index] ?? index, rank)
    const step = call.has(4) ? steps?.[index] : 1
    cuts[axis] = { start: starts?.[index], end: ends?.[index], step }
  }
  return cuts
}

function lengthOf(dims: readonly Size[] | undefined): number | undefined {
  const [count] = dims ?? []
  return typeof count === 'number' ? count : undefined
}

/** How many elements a cut leaves of an axis; at most all where a bound is not known. */
function cutLength(call: Call, size: Size, { start, end, step }: Cut): Size {
  if (start === undefined || end === undefined || typeof step !== 'number' || step === 0) {
    return call.fresh(0, highOf(size))
  }
  const isForward = step > 0
  const from = fromFront(start, size)
  const to = fromFront(end, size)
  if (from === undefined || to === undefined) return call.fresh(0, highOf(size))
  const begin = isForward ? clamp(from, 0, size) : clamp(from, 0, subtract(size, 1))
  const stop = isForward ? clamp(to, 0, size) : clamp(to, -1, subtract(size, 1))
  const distance = isForward ? subtract(stop, begin) : subtract(begin, stop)
  return maximum(0, ceilDivide(distance, Math.abs(step)))
}

/** A bound counted from the front; `undefined` where it may count from either end. */
function fromFront(bound: Size, size: Size): Size | undefined {
  if (typeof bound === 'number') {
    if (bound >= FAR) return size
    if (bound <= -FAR) return -1
    return bound < 0 ? add(bound, size) : bound
  }
  if (lowOf(bound) >= 0) return bound
  return highOf(bound) < 0 ? add(bound, size) : undefined
}

/** The elements that a cut leaves of a list. */
function take(values: readonly Size[], { start, end, step }: Cut): readonly Size[] | undefined {
  if (typeof start !== 'number' || typeof end !== 'number' || typeof step !== 'number' || step === 0) {
    return undefined
  }
  const { length } = values
  const bound = (at: number, low: number, high: number) =>
    Math.min(high, Math.max(low, at < 0 ? at + length : at))
  const taken: Size[] = []
  if (step > 0) {
    const to = bound(end, 0, length)
    for (let at = bound(start, 0, length); at < to; at += step) taken.push(values[at]!)
  } else {
    const to = end < -length ? -1 : bound(end, -1, length - 1)
    for (let at = bound(start, 0, length - 1); at > to; at += step) taken.push(values[at]!)
  }
  return taken
}

const split: OperatorRule = {
  infer: call => {
    const { type, dims, values } = call.fact(0)
    const count = call.outputCount
    if (dims === undefined) return Array.from({ length: count }, () => ({ type, dims }))
    const axis = call.axis(call.int('axis', 0), dims.length)
    const sizes = splitSizes(call, dims[axis]!, count)
    let at = 0
    return sizes.map(size => {
      const part = { type, dims: dims.with(axis, size) }
      if (values === undefined || dims.length !== 1 || typeof size !== 'number') return part
      at += size
      return { ...part, values: values.slice(at - size, at) }
    })
  },
  work: readsWhatItWrites,
}

function splitSizes(call: Call, whole: Size, count: number): readonly Size[] {
  const given = call.version < 13 ? call.ints('split') : call.values(1)
  if (given !== undefined) return given
  if (call.has(1)) return Array.from({ length: count }, () => call.fresh(0, highOf(whole)))
  const each = ceilDivide(whole, count)
  const before = typeof each === 'number' ? each * (count - 1) : undefined
  const last = before === undefined ? each : maximum(0, subtract(whole, before))
  return Array.from({ length: count }, (_, index) => (index === count - 1 ? last : each))
}

const compress: OperatorRule = {
  infer: call => {
    const dims = call.dims(0)
    const type = call.type(0)
    const [most] = call.dims(1) ?? []
    const kept = (size: Size) =>
      call.fresh(0, Math.min(highOf(size), most === undefined ? highOf(size) : highOf(most)))
    if (!call.hasAttribute('axis')) {
      const total = call.dims(1)?.[0]
      return [{ type, dims: [kept(total ?? call.fresh())] }]
    }
    if (dims === undefined) return [{ type, dims }]
    const axis = call.axis(call.int('axis', 0), dims.length)
    return [{ type, dims: dims.with(axis, kept(dims[axis]!)) }]
  },
}

const topK: OperatorRule = {
  infer: call => {
    const { type, dims } = call.fact(0)
    if (dims === undefined)
      return [
        { type, dims },
        { type: 'int64', dims },
      ]
    const axis = call.axis(call.int('axis', -1), dims.length)
    const size = dims[axis]!
    const k: Size | undefined = call.version < 10 ? call.int('k', 1) : call.values(1)?.[0]
    const taken = dims.with(axis, k === undefined ? call.fresh(0, highOf(size)) : minimum(k, size))
    return [
      { type, dims: taken },
      { type: 'int64', dims: taken },
    ]
  },
  work: (call, outputs) => ({
    operations: 8n * call.elements(call.fact(0)),
    bytes: call.allBytes(outputs),
  }),
}

/** Operators that take a part of their input's elements. */
export const SELECT: readonly RuleEntry[] = [
  onnx('Gather', 1, gather),
  onnx('GatherElements', 11, gatherElements),
  onnx('GatherND', 11, gatherND),
  microsoft('GatherND', gatherND),
  onnx('Slice', 1, slice),
  onnx('Split', 1, split),
  onnx('Compress', 9, compress),
  onnx('TopK', 1, topK),
]
