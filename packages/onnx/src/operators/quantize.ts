import type { OnnxElementType } from '../element-types.js'
import { UNKNOWN } from '../shapes/fact.js'
import { multiply } from '../shapes/size.js'
import { broadcast } from './broadcast.js'
import { sameAsInput } from './elementwise.js'
import { concatenated } from './join.js'
import { microsoft, type OperatorRule, onnx, type RuleEntry } from './rule.js'
import { perOutput, readsWhatItWrites, SIMPLE, TRANSCENDENTAL } from './work-rules.js'

const quantizeLinear: OperatorRule = {
  infer: call => {
    const zero = call.type(2)
    const named =
      call.int('output_dtype', 0) === 0 ? undefined : call.typeAttribute('output_dtype', undefined)
    return [sameAsInput(call, zero ?? named ?? 'uint8')]
  },
  work: perOutput(SIMPLE),
}

const dequantizeLinear: OperatorRule = {
  infer: call => {
    const named =
      call.int('output_dtype', 0) === 0 ? undefined : call.typeAttribute('output_dtype', undefined)
    return [sameAsInput(call, named ?? call.type(1) ?? 'float32')]
  },
  work: perOutput(SIMPLE),
}

const dynamicQuantizeLinear: OperatorRule = {
  infer: call => [sameAsInput(call, 'uint8'), { type: 'float32', dims: [] }, { type: 'uint8', dims: [] }],
  work: perOutput(3 * SIMPLE),
}

/** Operands come as tensor, scale and zero point each. */
const quantizedBinary: OperatorRule = {
  infer: call => [{ type: call.type(0), dims: broadcast([call.dims(0), call.dims(3)]) }],
  work: perOutput(4 * SIMPLE),
}

const quantizedUnary: OperatorRule = {
  infer: call => [sameAsInput(call)],
  work: perOutput(TRANSCENDENTAL),
}

/** Scale and zero point of the output, then tensor, scale and zero point of each operand. */
const quantizedConcat: OperatorRule = {
  infer: call => {
    const tensors = call.inputs
      .filter((_, index) => index >= 2 && index % 3 === 2)
      .map(each => each ?? UNKNOWN)
    return [{ type: tensors[0]?.type, dims: concatenated(call, tensors, call.int('axis', 1)) }]
  },
  work: perOutput(SIMPLE),
}

/** Condition, then tensor, scale and zero point of both choices. */
const quantizedWhere: OperatorRule = {
  infer: call => [{ type: call.type(1), dims: broadcast([call.dims(0), call.dims(1), call.dims(4)]) }],
  work: perOutput(SIMPLE),
}

/** Rows of a table quantized in blocks; several elements may share a byte. */
const gatherBlockQuantized: OperatorRule = {
  infer: call => {
    const [data, indices] = [call.dims(0), call.dims(1)]
    const type: OnnxElementType | undefined = call.type(2)
    if (data === undefined || indices === undefined) return [{ type, dims: undefined }]
    const axis = call.axis(call.int('gather_axis', 0), data.length)
    const inByte = call.type(0) === 'uint8' ? call.elementsInByte('bits') : 1
    const unpacked = data.with(-1, multiply(data.at(-1)!, inByte))
    return [{ type, dims: [...unpacked.slice(0, axis), ...indices, ...unpacked.slice(axis + 1)] }]
  },
  work: readsWhatItWrites,
}

/** Operators that leave and enter whole-number arithmetic. */
export const QUANTIZE: readonly RuleEntry[] = [
  onnx('QuantizeLinear', 10, quantizeLinear),
  onnx('DequantizeLinear', 10, dequantizeLinear),
  onnx('DynamicQuantizeLinear', 11, dynamicQuantizeLinear),
  microsoft('QuantizeLinear', quantizeLinear),
  microsoft('DequantizeLinear', dequantizeLinear),
  microsoft('QLinearAdd QLinearMul', quantizedBinary),
  microsoft('QLinearSigmoid QLinearLeakyRelu', quantizedUnary),
  microsoft('QLinearConcat', quantizedConcat),
  microsoft('QLinearWhere', quantizedWhere),
  microsoft('GatherBlockQuantized', gatherBlockQuantized),
]
