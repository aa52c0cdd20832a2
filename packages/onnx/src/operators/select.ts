import type { Call } from '../shapes/call.js'
import { conflict } from '../shapes/conflict.js'
import { MAX_VALUES } from '../shapes/constants.js'
import type { Fact } from '../shapes/fact.js'
import { ceilDivide, highOf, lowOf, maximum, minimum, type Size, subtract } from '../shapes/size.js'
import { exactDims } from './broadcast.js'
import { microsoft, type OperatorRule, onnx, type RuleEntry } from './rule.js'
import { readsWhatItWrites } from './work-rules.js'

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
  onnx('Split', 1, split),
  onnx('Compress', 9, compress),
  onnx('TopK', 1, topK),
]
