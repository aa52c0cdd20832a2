import type { ModelSignature } from '@neurovoyance/onnx'
import {
  createTensor,
  type ElementType,
  type Tensor,
  type TensorData,
  type TensorMap,
} from '@neurovoyance/protocol'

/** A larger warm-up would take longer than it saves. */
const MAX_ELEMENTS = 1 << 24

const ZEROS: Readonly<Record<ElementType, (length: number) => TensorData>> = {
  float32: length => new Float32Array(length),
  float64: length => new Float64Array(length),
  float16: length => new Uint16Array(length),
  int8: length => new Int8Array(length),
  uint8: length => new Uint8Array(length),
  bool: length => new Uint8Array(length),
  int16: length => new Int16Array(length),
  uint16: length => new Uint16Array(length),
  int32: length => new Int32Array(length),
  uint32: length => new Uint32Array(length),
  int64: length => new BigInt64Array(length),
  uint64: length => new BigUint64Array(length),
  int4: length => new Uint8Array(Math.ceil(length / 2)),
  uint4: length => new Uint8Array(Math.ceil(length / 2)),
  string: length => new Array<string>(length).fill(''),
}

/**
 * Inputs of zeros for a warm-up, dimensions that are free being 1; `undefined` where they would be large.
 * A model may refuse them: a warm-up is an attempt.
 */
export function zeroInputs({ inputs }: ModelSignature): TensorMap | undefined {
  const tensors: Record<string, Tensor> = {}
  for (const { name, type, dims, optional } of inputs) {
    if (optional) continue
    const sizes = (dims ?? []).map(dim => (typeof dim === 'number' ? dim : 1))
    const elements = sizes.reduce((product, size) => product * size, 1)
    if (elements > MAX_ELEMENTS) return undefined
    tensors[name] = createTensor(type, ZEROS[type](elements), sizes)
  }
  return tensors
}
