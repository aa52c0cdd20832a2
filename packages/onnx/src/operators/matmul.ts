import type { OnnxElementType } from '../element-types.js'
import type { Call } from '../shapes/call.js'
import { conflict } from '../shapes/conflict.js'
import { differ, type Size, sizeText } from '../shapes/size.js'
import { broadcast } from './broadcast.js'
import { microsoft, type OperatorRule, onnx, type RuleEntry } from './rule.js'
import { contraction } from './work-rules.js'

/** Dimensions of a matrix product by NumPy's rules; either may be a vector. */
export function productDims(
  a: readonly Size[] | undefined,
  b: readonly Size[] | undefined,
): readonly Size[] | undefined {
  if (a === undefined || b === undefined) return undefined
  if (a.length === 0 || b.length === 0) conflict('a matrix product of a scalar')
  const left = a.length === 1 ? [1, a[0]!] : a
  const right = b.length === 1 ? [b[0]!, 1] : b
  const [k, other] = [left.at(-1)!, right.at(-2)!]
  if (differ(k, other)) conflict(`a matrix product over ${sizeText(k)} and ${sizeText(other)}`)
  const batch = broadcast([left.slice(0, -2), right.slice(0, -2)])!
  const rows = a.length === 1 ? [] : [left.at(-2)!]
  const columns = b.length === 1 ? [] : [right.at(-1)!]
  return [...batch, ...rows, ...columns]
}

/** A matrix product; `b` is the position of its right operand. */
function matmul(b: number, type: (call: Call) => OnnxElementType | undefined): OperatorRule {
  return {
    infer: call => [{ type: type(call), dims: productDims(call.dims(0), call.dims(b)) }],
    work: contraction((call, outputs) => {
      const k = call.dims(0)?.at(-1)
      return call.elements(outputs[0]) * (k === undefined ? 1n : call.upper(k))
    }),
  }
}

const sameType = (call: Call) => call.type(0)

/** Operands may be transposed, their batch dimensions too. */
const fusedMatMul: OperatorRule = {
  infer: call => {
    const a = oriented(call, 0, 'transA', 'transBatchA')
    const b = oriented(call, 1, 'transB', 'transBatchB')
    return [{ type: call.type(0), dims: productDims(a, b) }]
  },
  work: contraction((call, outputs) => {
    const k = oriented(call, 0, 'transA', 'transBatchA')?.at(-1)
    return call.elements(outputs[0]) * (k === undefined ? 1n : call.upper(k))
  }),
}

function oriented(call: Call, input: number, flag: string, batchFlag: string): readonly Size[] | undefined {
  const dims = call.dims(input)
  if (dims === undefined || dims.length < 2) return dims
  const moved = call.int(batchFlag, 0) === 0 ? dims : [...dims.slice(1, -1), dims[0]!, dims.at(-1)!]
  return call.int(flag, 0) === 0 ? moved : [...moved.slice(0, -2), moved.at(-1)!, moved.at(-2)!]
}

/** `A · B + C` of two matrices, either transposed; `b` is the position of the second. */
function gemm(b: number, type: (call: Call) => OnnxElementType | undefined): OperatorRule {
  return {
    infer: call => {
      const left = matrix(call, 0, 'transA')
      const right = matrix(call, b, 'transB')
      return [{ type: type(call), dims: productDims(left, right) }]
    },
    work: contraction((call, outputs) => {
      const k = matrix(call, 0, 'transA')?.[1]
      return call.elements(outputs[0]) * (k === undefined ? 1n : call.upper(k))
    }),
  }
}

function matrix(call: Call, input: number, flag: string): readonly Size[] | undefined {
  const dims = call.dimsOfRank(input, 2)
  return dims !== undefined && call.int(flag, 0) !== 0 ? [dims[1]!, dims[0]!] : dims
}

/** The right operand is packed in blocks; attributes tell its K rows and N columns. */
const packed: OperatorRule = {
  infer: call => {
    const dims = call.dims(0)
    return [{ type: call.type(0), dims: dims && [...dims.slice(0, -1), call.int('N', 0)] }]
  },
  work: contraction((call, outputs) => call.elements(outputs[0]) * call.upper(call.int('K', 0))),
}

/** The output's type follows a scale, or a zero point, where there is one. */
const typeOf =
  (input: number, fallback: OnnxElementType) =>
  (call: Call): OnnxElementType =>
    call.type(input) ?? fallback

/** Products of matrices. */
export const MATMUL: readonly RuleEntry[] = [
  onnx('MatMul', 1, matmul(1, sameType)),
  onnx(
    'MatMulInteger',
    10,
    matmul(1, () => 'int32'),
  ),
  onnx('QLinearMatMul', 10, matmul(3, typeOf(7, 'uint8'))),
  onnx('Gemm', 1, gemm(1, sameType)),
  microsoft('FusedMatMul TransposeMatMul FusedMatMulActivation', fusedMatMul),
  microsoft('FusedGemm', gemm(1, sameType)),
  microsoft(
    'GemmFloat8',
    gemm(1, call => call.typeAttribute('dtype', 'float32')),
  ),
  microsoft('QGemm', gemm(3, typeOf(8, 'float32'))),
  microsoft('QLinearMatMul', matmul(3, typeOf(7, 'uint8'))),
  microsoft(
    'MatMulInteger16',
    matmul(1, () => 'int32'),
  ),
  microsoft('MatMulIntegerToFloat', matmul(1, typeOf(2, 'float32'))),
  microsoft(
    'DynamicQuantizeMatMul',
    matmul(1, () => 'float32'),
  ),
  microsoft('SparseToDenseMatMul', fusedMatMul),
  microsoft('MatMulNBits MatMulBnb4 MatMulFpQ4', packed),
]
