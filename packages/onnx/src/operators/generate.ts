import type { OnnxElementType } from '../element-types.js'
import type { Call } from '../shapes/call.js'
import { MAX_VALUES } from '../shapes/constants.js'
import { constant, type Fact } from '../shapes/fact.js'
import { ceilDivide, highOf, maximum, minimum, type Size, subtract } from '../shapes/size.js'
import { exactDims } from './broadcast.js'
import { sameAsInput } from './elementwise.js'
import { microsoft, type OperatorRule, onnx, type RuleEntry } from './rule.js'
import { onlyWrites, perInput, perOutput, SIMPLE, TRANSCENDENTAL } from './work-rules.js'

/** A constant is made when the model is loaded. */
const constantNode: OperatorRule = {
  infer: call => [constantFact(call)],
  work: () => ({ bytes: 0n, calls: 0n }),
}

function constantFact(call: Call): Fact {
  const tensor = call.tensor('value')
  if (tensor !== undefined) {
    const values = call.run.constant(tensor)
    const { elementType: type, dims } = tensor
    return values === undefined ? { type, dims } : { type, dims, values }
  }
  const sparse = call.sparse('sparse_value')
  if (sparse !== undefined) return sparse
  if (call.hasAttribute('value_int')) return constant('int64', [], [call.int('value_int', 0)])
  if (call.hasAttribute('value_float')) return constant('float32', [], [call.float('value_float', 0)])
  if (call.hasAttribute('value_string')) return { type: 'string', dims: [] }
  const ints = call.ints('value_ints')
  if (ints !== undefined) return constant('int64', [ints.length], ints)
  const floats = call.floats('value_floats')
  if (floats !== undefined) return constant('float32', [floats.length], floats)
  return { type: 'string', dims: [call.listLength('value_strings') ?? call.fresh()] }
}

/** Dimensions that the elements of an input give; of as many as it has elements where they are not known. */
export function dimsFromValues(call: Call, input: number): readonly Size[] | undefined {
  const values = call.values(input)
  if (values !== undefined) return values.map(value => value)
  const [rank] = call.dims(input) ?? []
  return typeof rank === 'number' ? call.freshDims(rank) : undefined
}

const constantOfShape: OperatorRule = {
  infer: call => {
    const filler = call.tensor('value')
    const type = filler?.elementType ?? 'float32'
    const dims = dimsFromValues(call, 0)
    const value = filler === undefined ? 0 : call.run.constant(filler)?.[0]
    const count = exactDims(dims)?.reduce((total, dim) => total * dim, 1)
    if (value === undefined || count === undefined || count > MAX_VALUES || count < 0) return [{ type, dims }]
    return [{ type, dims, values: Array.from({ length: count }, () => value) }]
  },
  work: onlyWrites,
}

const range: OperatorRule = {
  infer: call => {
    const type = call.type(0)
    const [start, limit, delta] = [0, 1, 2].map(index => call.values(index)?.[0])
    if (start === undefined || limit === undefined || typeof delta !== 'number' || delta === 0) {
      return [{ type, dims: [call.fresh()] }]
    }
    const areNumbers = typeof start === 'number' && typeof limit === 'number'
    if (areNumbers) {
      const count = Math.max(0, Math.ceil((limit - start) / delta))
      if (count > MAX_VALUES) return [{ type, dims: [count] }]
      return [
        { type, dims: [count], values: Array.from({ length: count }, (_, index) => start + index * delta) },
      ]
    }
    if (!Number.isInteger(delta)) return [{ type, dims: [call.fresh()] }]
    const distance = delta > 0 ? subtract(limit, start) : subtract(start, limit)
    return [{ type, dims: [maximum(0, ceilDivide(distance, Math.abs(delta)))] }]
  },
  work: onlyWrites,
}

/** Random numbers of a shape that an attribute gives. */
const random: OperatorRule = {
  infer: call => [{ type: call.typeAttribute('dtype', 'float32'), dims: call.ints('shape') }],
  work: perOutput(TRANSCENDENTAL),
}

/** Numbers of the shape of an input. */
const like = (fallback?: OnnxElementType): OperatorRule => ({
  infer: call => [sameAsInput(call, call.typeAttribute('dtype', fallback ?? call.type(0)))],
  work: perOutput(TRANSCENDENTAL),
})

const eyeLike: OperatorRule = {
  infer: call => [sameAsInput(call, call.typeAttribute('dtype', call.type(0)))],
  work: onlyWrites,
}

const multinomial: OperatorRule = {
  infer: call => {
    const [batch] = call.dimsOfRank(0, 2) ?? [call.fresh()]
    return [{ type: call.typeAttribute('dtype', 'int32'), dims: [batch!, call.int('sample_size', 1)] }]
  },
  work: perInput(TRANSCENDENTAL),
}

const oneHot: OperatorRule = {
  infer: call => {
    const dims = call.dims(0)
    const type = call.type(2)
    if (dims === undefined) return [{ type, dims }]
    const depth = call.values(1)?.[0] ?? call.fresh()
    const axis = call.axis(call.int('axis', -1), dims.length + 1)
    return [{ type, dims: dims.toSpliced(axis, 0, depth) }]
  },
  work: onlyWrites,
}

/** As many columns as there are elements that are not zero: at most all. */
const nonZero: OperatorRule = {
  infer: call => {
    const dims = call.dims(0)
    const rank = dims?.length ?? call.fresh(0, 32)
    return [{ type: 'int64', dims: [rank, someOf(call, elementsHigh(call))] }]
  },
  work: perInput(SIMPLE),
}

function elementsHigh(call: Call): number {
  return (call.dims(0) ?? [Number.POSITIVE_INFINITY]).reduce<number>((total, dim) => total * highOf(dim), 1)
}

/** A part of so many, which only a run will tell. */
function someOf(call: Call, most: number): Size {
  return call.fresh(0, Number.isNaN(most) ? 0 : most)
}

const unique: OperatorRule = {
  infer: call => {
    const { type, dims } = call.fact(0)
    const isFlat = !call.hasAttribute('axis')
    const axis = isFlat || dims === undefined ? 0 : call.axis(call.int('axis', 0), dims.length)
    const all = isFlat ? elementsHigh(call) : highOf(dims?.[axis] ?? Number.POSITIVE_INFINITY)
    const count = someOf(call, all)
    const whole = isFlat
      ? Number.isFinite(all) && exactDims(dims)
        ? all
        : call.fresh(0, all)
      : (dims?.[axis] ?? call.fresh())
    return [
      { type, dims: isFlat ? [count] : dims?.with(axis, count) },
      { type: 'int64', dims: [count] },
      { type: 'int64', dims: [whole] },
      { type: 'int64', dims: [count] },
    ]
  },
  work: perInput(TRANSCENDENTAL),
}

/** com.microsoft's of version 1: distinct elements, where each element went, how often each comes. */
const flatUnique: OperatorRule = {
  infer: call => {
    const [elements, , places, counts] = unique.infer(call)
    return [elements!, places!, counts!]
  },
  work: perInput(TRANSCENDENTAL),
}

/** At most every box of every class of every image, or as many as the limit allows. */
const nonMaxSuppression: OperatorRule = {
  infer: call => {
    const [images, boxes] = call.dimsOfRank(0, 3) ?? call.freshDims(3)
    const classes = call.dimsOfRank(1, 3)?.[1] ?? call.fresh()
    const limit = call.has(2) ? call.values(2)?.[0] : 0
    const each = limit === undefined ? boxes! : minimum(maximum(0, limit), boxes!)
    const most = highOf(images!) * highOf(classes) * highOf(each)
    return [{ type: 'int64', dims: [someOf(call, most), 3] }]
  },
  work: (call, outputs) => {
    const scores = call.elements(call.fact(1))
    const [, , boxes] = call.dims(1) ?? []
    return {
      operations: scores * (boxes === undefined ? 1n : call.upper(boxes)),
      bytes: call.allBytes(outputs),
    }
  },
}

const window: OperatorRule = {
  infer: call => [
    { type: call.typeAttribute('output_datatype', 'float32'), dims: [call.values(0)?.[0] ?? call.fresh()] },
  ],
  work: perOutput(TRANSCENDENTAL),
}

const melWeightMatrix: OperatorRule = {
  infer: call => {
    const [bins, length] = [call.values(0)?.[0] ?? call.fresh(), call.values(1)?.[0]]
    const rows = typeof length === 'number' ? Math.floor(length / 2) + 1 : call.fresh()
    return [{ type: call.typeAttribute('output_datatype', 'float32'), dims: [rows, bins] }]
  },
  work: perOutput(TRANSCENDENTAL),
}

/** Operators whose output is made from little or nothing, or of a size that only the elements tell. */
export const GENERATE: readonly RuleEntry[] = [
  onnx('Constant', 1, constantNode),
  onnx('ConstantOfShape', 9, constantOfShape),
  onnx('Range', 11, range),
  onnx('RandomNormal RandomUniform', 1, random),
  onnx('RandomNormalLike RandomUniformLike Bernoulli', 1, like()),
  onnx('EyeLike', 9, eyeLike),
  onnx('Multinomial', 7, multinomial),
  onnx('OneHot', 9, oneHot),
  onnx('NonZero', 9, nonZero),
  onnx('Unique', 11, unique),
  microsoft('Range', range),
  microsoft('Unique', flatUnique),
  onnx('NonMaxSuppression', 10, nonMaxSuppression),
  onnx('BlackmanWindow HammingWindow HannWindow', 17, window),
  onnx('MelWeightMatrix', 17, melWeightMatrix),
]
