import type { Call } from '../shapes/call.js'
import type { Fact } from '../shapes/fact.js'
import { add, ceilDivide, maximum, multiply, type Size, subtract } from '../shapes/size.js'
import { either } from './control-flow.js'
import { type OperatorRule, onnx, type RuleEntry } from './rule.js'
import { noWork } from './work-rules.js'

const construct: OperatorRule = {
  infer: call => {
    const [first, ...rest] = call.inputs.map(each => each ?? { type: undefined, dims: undefined })
    if (first === undefined) return [{ type: undefined, dims: undefined, length: 0 }]
    const { type, dims } = rest.reduce(
      (all, each) => either(call, tensorOf(all), tensorOf(each)),
      tensorOf(first),
    )
    return [{ type, dims, length: call.inputs.length }]
  },
}

function tensorOf({ type, dims }: Fact): Fact {
  return { type, dims }
}

const empty: OperatorRule = {
  infer: call => [{ type: call.typeAttribute('dtype', 'float32'), dims: undefined, length: 0 }],
  work: noWork,
}

const insert: OperatorRule = {
  infer: call => {
    const sequence = call.fact(0)
    const length = add(sequence.length ?? call.fresh(), 1)
    const added = tensorOf(call.fact(1))
    const { type, dims } = sequence.length === 0 ? added : either(call, tensorOf(sequence), added)
    return [{ type, dims, length }]
  },
}

const erase: OperatorRule = {
  infer: call => {
    const { type, dims, length } = call.fact(0)
    return [{ type, dims, length: length === undefined ? call.fresh() : maximum(0, subtract(length, 1)) }]
  },
}

const at: OperatorRule = { infer: call => [tensorOf(call.fact(0))], work: noWork, isView: true }

const lengthOf: OperatorRule = {
  infer: call => [{ type: 'int64', dims: [], values: [call.fact(0).length ?? call.fresh()] }],
  work: noWork,
}

const splitToSequence: OperatorRule = {
  infer: call => {
    const { type, dims } = call.fact(0)
    if (dims === undefined) return [{ type, dims, length: call.fresh() }]
    const axis = call.axis(call.int('axis', 0), dims.length)
    const whole = dims[axis]!
    if (!call.has(1)) {
      const keeps = call.int('keepdims', 1) !== 0
      return [{ type, dims: keeps ? dims.with(axis, 1) : dims.toSpliced(axis, 1), length: whole }]
    }
    const sizes = call.values(1)
    if (sizes === undefined) return [{ type, dims: dims.with(axis, call.fresh()), length: call.fresh() }]
    if (call.dims(1)?.length === 0) return [evenly(call, { type, dims }, axis, sizes[0]!)]
    if (sizes.length === 0) return [{ type, dims, length: 0 }]
    const parts = sizes.map((size): Fact => ({ type, dims: dims.with(axis, size) }))
    const part = parts.reduce((all, each) => either(call, all, each))
    return [{ ...part, length: sizes.length }]
  },
}

/** Parts of one size; the last may be smaller. */
function evenly(call: Call, { type, dims }: Fact, axis: number, size: Size): Fact {
  const whole = dims![axis]!
  const count = ceilDivide(whole, size)
  const isEven = typeof whole === 'number' && typeof size === 'number' && size > 0 && whole % size === 0
  const part = isEven ? size : call.fresh(0, typeof size === 'number' ? size : undefined)
  return { type, dims: dims!.with(axis, part), length: count }
}

const concatFromSequence: OperatorRule = {
  infer: call => {
    const { type, dims, length } = call.fact(0)
    if (dims === undefined) return [{ type, dims }]
    const isNew = call.int('new_axis', 0) !== 0
    const count = length ?? call.fresh()
    const axis = call.axis(call.int('axis', 0), dims.length + (isNew ? 1 : 0))
    if (isNew) return [{ type, dims: dims.toSpliced(axis, 0, count) }]
    return [{ type, dims: dims.with(axis, multiply(dims[axis]!, count)) }]
  },
}

/** A graph for each tensor of a sequence. */
const map: OperatorRule = {
  infer: call => {
    const body = call.graph('body')
    if (body === undefined) return []
    const length = call.fact(0).length ?? call.fresh()
    const inputs = call.inputs.map(each => tensorOf(each ?? { type: undefined, dims: undefined }))
    const result = call.run.body(body, inputs)
    call.run.charge(result, call.run.assumedSize === undefined ? 0n : call.upper(length))
    return result.outputs.map(({ type, dims }): Fact => ({ type, dims, length }))
  },
}

const pass: OperatorRule = { infer: call => [call.fact(0)], work: noWork, isView: true }

/** Whether an optional holds something is known where it is a tensor or a sequence. */
const hasElement: OperatorRule = { infer: () => [{ type: 'bool', dims: [] }], work: noWork }

/** Sequences of tensors, and optionals. */
export const SEQUENCE: readonly RuleEntry[] = [
  onnx('SequenceConstruct', 11, construct),
  onnx('SequenceEmpty', 11, empty),
  onnx('SequenceInsert', 11, insert),
  onnx('SequenceErase', 11, erase),
  onnx('SequenceAt', 11, at),
  onnx('SequenceLength', 11, lengthOf),
  onnx('SplitToSequence', 11, splitToSequence),
  onnx('ConcatFromSequence', 11, concatFromSequence),
  onnx('SequenceMap', 17, map),
  onnx('Optional OptionalGetElement', 15, pass),
  onnx('OptionalHasElement', 15, hasElement),
]
