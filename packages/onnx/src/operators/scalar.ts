import type { OnnxElementType } from '../element-types.js'
import type { Call } from '../shapes/call.js'
import { saturate } from '../shapes/expression.js'
import {
  add,
  differ,
  floorDivide,
  highOf,
  lowOf,
  maximum,
  minimum,
  multiply,
  type Size,
  sameSize,
  subtract,
} from '../shapes/size.js'

/** One element of an operator whose inputs are known. */
interface Scalar {
  readonly operands: readonly Size[]
  /** Element type of the first input, or of the output of a cast. */
  readonly type: OnnxElementType | undefined
  readonly call: Call
}

/** Computes one element. Fractions are IEEE 754 doubles, so they are the same on every machine. */
export type Fold = (scalar: Scalar) => Size

const FRACTIONS: ReadonlySet<string | undefined> = new Set(['float16', 'bfloat16', 'float32', 'float64'])

/** An element of float type is rounded as its type rounds; of whole type it saturates. */
function rounded(value: number, type: OnnxElementType | undefined, { call }: Scalar): Size {
  if (!Number.isFinite(value)) return call.fresh(Number.NEGATIVE_INFINITY)
  if (!FRACTIONS.has(type)) return saturate(Math.trunc(value))
  const single = type === 'float64' ? value : Math.fround(value)
  return single === 0 ? 0 : single
}

/** Computes numbers with one function and sums over symbols with another. */
function arithmetic(
  numbers: (...operands: number[]) => number,
  sums: (...operands: Size[]) => Size | undefined,
): Fold {
  return scalar => {
    const { operands, type, call } = scalar
    if (operands.every(each => typeof each === 'number')) return rounded(numbers(...operands), type, scalar)
    const areWhole = operands.every(each => typeof each !== 'number' || Number.isInteger(each))
    return (areWhole ? sums(...operands) : undefined) ?? call.fresh(Number.NEGATIVE_INFINITY)
  }
}

/** A truth value; one that only a run will tell where neither is certain. */
function truth(test: (a: Size, b: Size) => boolean | undefined): Fold {
  return ({ operands: [a, b], call }) => {
    const isTrue = test(a!, b!)
    return isTrue === undefined ? call.fresh(0, 1) : isTrue ? 1 : 0
  }
}

const isEqual = (a: Size, b: Size) => (sameSize(a, b) ? true : differ(a, b) ? false : undefined)
const isLess = (a: Size, b: Size) => {
  const difference = typeof a === 'number' && typeof b === 'number' ? a - b : subtract(a, b)
  return highOf(difference) < 0 ? true : lowOf(difference) >= 0 ? false : undefined
}
const not = (value: boolean | undefined) => (value === undefined ? undefined : !value)
const both = (a: boolean | undefined, b: boolean | undefined) =>
  a === false || b === false ? false : a === undefined || b === undefined ? undefined : true
const isTrue = (a: Size) => not(isEqual(a, 0))

/** Division of whole numbers drops the fraction; a negative symbolic quotient is left open. */
const divide: Fold = scalar => {
  const { operands, type, call } = scalar
  const [a, b] = operands as [Size, Size]
  if (typeof a === 'number' && typeof b === 'number') return rounded(a / b, type, scalar)
  const isPlain = lowOf(a) >= 0 && lowOf(b) > 0 && !FRACTIONS.has(type)
  const exact = floorDivide(a, b)
  if (isPlain || sameSize(multiply(exact, b), a)) return exact
  return call.fresh(Number.NEGATIVE_INFINITY)
}

const modulo: Fold = scalar => {
  const { operands, type, call } = scalar
  const [a, b] = operands as [Size, Size]
  if (typeof a === 'number' && typeof b === 'number') {
    const truncated = a % b
    const isFloored = call.int('fmod', 0) === 0 && truncated !== 0 && truncated < 0 !== b < 0
    return rounded(isFloored ? truncated + b : truncated, type, scalar)
  }
  if (lowOf(a) < 0 || lowOf(b) <= 0) return call.fresh(Number.NEGATIVE_INFINITY)
  return subtract(a, multiply(b, floorDivide(a, b)))
}

/** Half to even, as ONNX rounds. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value)
  const fraction = value - below
  if (fraction !== 0.5) return Math.round(value)
  return below % 2 === 0 ? below : below + 1
}

const whole = (size: Size) => size

/** Operators of one operand. `?` is the choice between two that only a run will make. */
export const UNARY: Readonly<Record<string, Fold>> = {
  '?': ({ operands: [a, b], call }) =>
    sameSize(a!, b!) ? a! : call.fresh(Math.min(lowOf(a!), lowOf(b!)), Math.max(highOf(a!), highOf(b!))),
  Neg: arithmetic(
    a => -a,
    a => subtract(0, a!),
  ),
  Abs: arithmetic(Math.abs, a => (lowOf(a!) >= 0 ? a : undefined)),
  Floor: arithmetic(Math.floor, whole),
  Ceil: arithmetic(Math.ceil, whole),
  Round: arithmetic(roundHalfEven, whole),
  Sign: arithmetic(Math.sign, a => (lowOf(a!) > 0 ? 1 : undefined)),
  Relu: arithmetic(
    a => Math.max(a, 0),
    a => maximum(a!, 0),
  ),
  Sqrt: arithmetic(Math.sqrt, () => undefined),
  Reciprocal: arithmetic(
    a => 1 / a,
    () => undefined,
  ),
  Not: truth(a => not(isTrue(a))),
  Cast: scalar => {
    if (scalar.type === 'bool') return truth(isTrue)({ ...scalar, operands: [scalar.operands[0]!, 0] })
    return arithmetic(a => a, whole)(scalar)
  },
}

/** Operators of two operands, or of a chain of them. */
export const BINARY: Readonly<Record<string, Fold>> = {
  Add: arithmetic(
    (a, b) => a! + b!,
    (a, b) => add(a!, b!),
  ),
  Sum: arithmetic(
    (a, b) => a! + b!,
    (a, b) => add(a!, b!),
  ),
  Sub: arithmetic(
    (a, b) => a! - b!,
    (a, b) => subtract(a!, b!),
  ),
  Mul: arithmetic(
    (a, b) => a! * b!,
    (a, b) => multiply(a!, b!),
  ),
  Max: arithmetic(Math.max, (a, b) => maximum(a!, b!)),
  Min: arithmetic(Math.min, (a, b) => minimum(a!, b!)),
  Div: divide,
  Mod: modulo,
  Equal: truth(isEqual),
  Less: truth(isLess),
  Greater: truth((a, b) => isLess(b, a)),
  LessOrEqual: truth((a, b) => not(isLess(b, a))),
  GreaterOrEqual: truth((a, b) => not(isLess(a, b))),
  And: truth((a, b) => both(isTrue(a), isTrue(b))),
  Or: truth((a, b) => not(both(not(isTrue(a)), not(isTrue(b))))),
  Xor: truth((a, b) => {
    const [x, y] = [isTrue(a), isTrue(b)]
    return x === undefined || y === undefined ? undefined : x !== y
  }),
}
