import type { OnnxElementType } from '../element-types.js'
import type { Call } from '../shapes/call.js'
import { conflict } from '../shapes/conflict.js'
import { MAX_VALUES } from '../shapes/constants.js'
import type { Fact } from '../shapes/fact.js'
import type { Size } from '../shapes/size.js'
import { broadcast, spreadValues } from './broadcast.js'
import { microsoft, type OperatorRule, onnx, type RuleEntry } from './rule.js'
import { BINARY, type Fold, UNARY } from './scalar.js'
import { DIVISION, noWork, perOutput, SIMPLE, TRANSCENDENTAL } from './work-rules.js'

/** The first input's shape, and its type unless another is given. */
export function sameAsInput(call: Call, type = call.type(0)): Fact {
  const { dims, elements, length } = call.fact(0)
  return {
    type,
    dims,
    ...(elements === undefined ? {} : { elements }),
    ...(length === undefined ? {} : { length }),
  }
}

function unary(operations: number): OperatorRule {
  return {
    infer: call => {
      const fold = UNARY[call.node.operator]
      const values = call.values(0)
      const same = sameAsInput(call)
      if (fold === undefined || values === undefined) return [same]
      const { type } = same
      return [{ ...same, values: values.map(value => fold({ operands: [value], type, call })) }]
    },
    work: perOutput(operations),
  }
}

function toBool(operations: number): OperatorRule {
  return { infer: call => [sameAsInput(call, 'bool')], work: perOutput(operations) }
}

/** An operator over inputs that broadcast; `type` is that of its output where it is not the inputs'. */
function variadic(operations: number, type?: OnnxElementType): OperatorRule {
  return {
    infer: call => [combine(call, call.inputs.length, BINARY[call.node.operator], type ?? call.type(0))],
    work: (call, outputs) => ({
      operations: BigInt(operations * Math.max(1, call.inputs.length - 1)) * call.elements(outputs[0]),
      bytes: call.allBytes(outputs),
    }),
  }
}

function combine(call: Call, count: number, fold: Fold | undefined, type: OnnxElementType | undefined): Fact {
  if (count === 0) conflict('no inputs')
  const facts = Array.from({ length: count }, (_, index) => call.fact(index))
  const dims = broadcast(facts.map(each => each.dims))
  if (fold === undefined) return { type, dims }
  const spread = spreadValues(facts, dims, MAX_VALUES)
  if (spread === undefined) return { type, dims }
  const values = spread.reduce((left, right) =>
    left.map((value, index) => fold({ operands: [value, right[index]!], type: call.type(0), call })),
  )
  return { type, dims, values }
}

/** Before version 7 the second operand was stretched to the first by attributes. */
const legacyBinary = (operations: number, type?: OnnxElementType): OperatorRule => ({
  infer: call => [sameAsInput(call, type ?? call.type(0))],
  work: perOutput(operations),
})

const where: OperatorRule = {
  infer: call => {
    const facts = [0, 1, 2].map(index => call.fact(index))
    const dims = broadcast(facts.map(each => each.dims))
    const type = call.type(1) ?? call.type(2)
    const [condition, yes, no] = spreadValues(facts, dims, MAX_VALUES) ?? []
    if (condition === undefined) return [{ type, dims }]
    const values = condition.map((chosen, index): Size => {
      if (typeof chosen === 'number') return chosen === 0 ? no![index]! : yes![index]!
      return UNARY['?']!({ operands: [yes![index]!, no![index]!], type, call })
    })
    return [{ type, dims, values }]
  },
  work: perOutput(SIMPLE),
}

const cast: OperatorRule = {
  infer: call => {
    const isLike = call.node.operator === 'CastLike'
    const type = isLike ? call.type(1) : call.typeAttribute('to', castByName(call))
    const values = call.values(0)
    const same = sameAsInput(call, type)
    if (values === undefined || type === undefined || call.type(0) === 'string') return [same]
    return [{ ...same, values: values.map(value => UNARY.Cast!({ operands: [value], type, call })) }]
  },
  work: perOutput(SIMPLE),
}

/** Before version 6 the type was written out. */
function castByName(call: Call): OnnxElementType | undefined {
  const name = call.text('to', '').toLowerCase()
  const aliases: Readonly<Record<string, OnnxElementType>> = { float: 'float32', double: 'float64' }
  return aliases[name] ?? (name === '' ? undefined : (name as OnnxElementType))
}

const identity: OperatorRule = { infer: call => [call.fact(0)], work: noWork, isView: true }

/** Attention masks and the like: `Dropout` passes its input on when it does not train. */
const dropout: OperatorRule = {
  infer: call => [call.fact(0), sameAsInput(call, call.version >= 10 ? 'bool' : call.type(0))],
  work: noWork,
  isView: true,
}

/** Operators that work on each element by itself. */
export const ELEMENTWISE: readonly RuleEntry[] = [
  onnx('Identity', 1, identity),
  onnx('Dropout', 1, dropout),
  onnx('Cast CastLike', 1, cast),
  onnx('Where', 9, where),
  onnx(
    'Abs Neg Floor Ceil Round Sign Not Relu LeakyRelu PRelu ThresholdedRelu Clip Shrink HardSigmoid',
    1,
    unary(SIMPLE),
  ),
  onnx('HardSwish BitwiseNot', 1, unary(SIMPLE)),
  onnx('Reciprocal Sqrt Softsign', 1, unary(DIVISION)),
  onnx('Exp Log Sin Cos Tan Asin Acos Atan Sinh Cosh Tanh Asinh Acosh Atanh Erf', 1, unary(TRANSCENDENTAL)),
  onnx('Sigmoid Elu Celu Selu Softplus Mish Gelu Swish', 1, unary(TRANSCENDENTAL)),
  onnx('IsInf IsNaN', 9, toBool(SIMPLE)),
  onnx('Add Sub Mul', 1, legacyBinary(SIMPLE)),
  onnx('Div Pow', 1, legacyBinary(DIVISION)),
  onnx('And Or Xor Equal Less Greater', 1, legacyBinary(SIMPLE, 'bool')),
  onnx('Sum Mean Max Min', 1, variadic(SIMPLE)),
  onnx('Add Sub Mul BitShift BitwiseAnd BitwiseOr BitwiseXor', 7, variadic(SIMPLE)),
  onnx('Div Mod', 7, variadic(DIVISION)),
  onnx('Pow', 7, variadic(TRANSCENDENTAL)),
  onnx('And Or Xor Equal Less Greater LessOrEqual GreaterOrEqual', 7, variadic(SIMPLE, 'bool')),
  microsoft('Gelu FastGelu BiasGelu QuickGelu BiasAdd BiasSplitGelu BiasDropout', activation(TRANSCENDENTAL)),
  microsoft('Inverse', unary(DIVISION)),
]

/** An activation, with a bias or residual that broadcasts to it. */
function activation(operations: number): OperatorRule {
  return {
    infer: call => {
      const [same] = [sameAsInput(call)]
      if (call.node.operator !== 'BiasSplitGelu' || same.dims === undefined) return [same]
      const halved = same.dims.map((size, axis) =>
        axis === same.dims!.length - 1 && typeof size === 'number' ? size / 2 : size,
      )
      return [{ type: same.type, dims: halved }]
    },
    work: perOutput(operations),
  }
}
