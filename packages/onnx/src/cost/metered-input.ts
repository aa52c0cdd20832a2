import type { Tensor } from '@neurovoyance/protocol'
import { isTensorElementType } from '../element-types.js'
import { OnnxError } from '../errors.js'
import type { Fact } from '../shapes/fact.js'

/** A tensor that is given to a model, as far as its work depends on it. */
export interface MeteredInput {
  readonly name: string
  readonly type: string
  readonly dims: readonly number[]
  /**
   * Elements of whole numbers or truth values, in row-major order. Only those of scalars and vectors of up to 256
   * elements count, because such inputs say how often a loop turns, which branch is taken or how large an output
   * is; others are ignored. Where they are left out, upper rules hold.
   */
  readonly values?: readonly (number | bigint)[] | undefined
}

/** The most elements of an input that count. */
const MAX_INPUT_VALUES = 256

const WHOLE_TYPES: ReadonlySet<string> = new Set([
  'bool',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
])

/** What of a tensor the work of a request depends on: both sides of a payment describe their inputs with it. */
export function describeInput(name: string, { type, dims, data }: Tensor): MeteredInput {
  const counts = WHOLE_TYPES.has(type) && dims.length <= 1 && data.length <= MAX_INPUT_VALUES
  return counts ? { name, type, dims, values: Array.from(data as BigInt64Array) } : { name, type, dims }
}

/** The elements of an input that count; `undefined` where none do. */
function countedValues({ type, dims, values }: MeteredInput): readonly number[] | undefined {
  const count = dims[0] ?? 1
  const isCounted =
    values?.length === count && WHOLE_TYPES.has(type) && dims.length <= 1 && count <= MAX_INPUT_VALUES
  const numbers = isCounted ? values.map(Number) : undefined
  return numbers?.every(Number.isSafeInteger) ? numbers : undefined
}

/** What is known of an input. @throws OnnxError `ONNX_INPUT_SHAPE` where a size is none. */
export function inputFact(input: MeteredInput): Fact {
  const { name, type, dims } = input
  // Symbols match whatever is given, so that the sizes themselves are still to be checked.
  if (!dims.every(dim => Number.isSafeInteger(dim) && dim >= 0)) {
    throw new OnnxError(
      'ONNX_INPUT_SHAPE',
      `input '${name}' of [${dims.join(', ')}]: sizes are whole numbers from 0`,
      { details: { input: name, actual: dims } },
    )
  }
  const elementType = isTensorElementType(type as never) ? (type as Fact['type']) : undefined
  const values = countedValues(input)
  return values === undefined ? { type: elementType, dims } : { type: elementType, dims, values }
}

/** Inputs with the same key take the same work. */
export function inputKey(input: MeteredInput): string {
  return JSON.stringify([input.name, input.type, input.dims, countedValues(input) ?? null])
}
