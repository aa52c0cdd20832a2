import { rawByteLength } from '../element-types.js'
import { OnnxError } from '../errors.js'
import type { OnnxModel, OnnxTensor, ValueInfo } from '../model/model.js'
import { limitExceeded } from '../wire/rejection.js'
import type { ModelPolicy } from './policy.js'

/**
 * Checks every size that the file states: of weights, of inputs and outputs, of intermediates.
 *
 * @throws OnnxError `ONNX_LIMIT_EXCEEDED`
 */
export function checkSizes(model: OnnxModel, weights: Iterable<OnnxTensor>, policy: ModelPolicy): number {
  let weightBytes = 0
  for (const { name, byteLength } of weights) {
    assertTensorBytes(`weight '${name}'`, byteLength, policy)
    weightBytes += byteLength
  }
  if (weightBytes > policy.maxWeightBytes) {
    throw limitExceeded('bytes of weights', 'maxWeightBytes', policy.maxWeightBytes, weightBytes)
  }
  const { inputs, outputs, values } = model.graph
  for (const value of [...inputs, ...outputs, ...values]) checkValue(value, policy)
  return weightBytes
}

/** Symbols and open dimensions count as one: what is left is what every run takes at least. */
function checkValue({ name, type }: ValueInfo, policy: ModelPolicy): void {
  if (type?.kind !== 'tensor' || type.dims === null) return
  const elements = type.dims.reduce<number>(
    (product, dim) => product * (typeof dim === 'number' ? dim : 1),
    1,
  )
  assertTensorBytes(`value '${name}'`, rawByteLength(type.elementType, elements), policy)
}

function assertTensorBytes(what: string, byteLength: number, { maxTensorBytes }: ModelPolicy): void {
  if (byteLength <= maxTensorBytes) return
  throw new OnnxError(
    'ONNX_LIMIT_EXCEEDED',
    `${what} takes ${byteLength.toLocaleString('en')} bytes: the limit for one tensor is ${maxTensorBytes.toLocaleString('en')}`,
    { details: { limit: 'maxTensorBytes', max: maxTensorBytes, actual: byteLength } },
  )
}
