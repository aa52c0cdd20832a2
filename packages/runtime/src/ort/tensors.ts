import type { ElementType, Tensor, TensorData, TensorMap } from '@neurovoyance/protocol'
import type { InferenceSession, Tensor as OrtTensor, TensorConstructor } from 'onnxruntime-common'
import { RuntimeError } from '../errors.js'

/** ONNX Runtime's tensors over the same memory as ours. */
export function toOrtFeeds(tensors: TensorMap, Tensor: TensorConstructor): Record<string, OrtTensor> {
  const feeds: Record<string, OrtTensor> = {}
  for (const [name, tensor] of Object.entries(tensors)) feeds[name] = toOrtTensor(tensor, Tensor)
  return feeds
}

/**
 * Where JavaScript has a Float16Array, `Tensor` lays one over float16's bits, which onnxruntime-node's binding
 * takes for an array of no elements: it is shown the bits.
 */
function toOrtTensor({ type, data, dims }: Tensor, OrtTensor: TensorConstructor): OrtTensor {
  const tensor = new OrtTensor(type as 'float32', data as Float32Array, dims)
  if (type === 'float16') Object.defineProperty(tensor, 'data', { value: bitsOf(data as Uint16Array) })
  return tensor
}

/** Our tensors over the same memory as ONNX Runtime's. */
export function fromOrtResults(results: InferenceSession.OnnxValueMapType): TensorMap {
  const tensors: Record<string, Tensor> = {}
  for (const [name, value] of Object.entries(results)) {
    tensors[name] = fromOrtTensor(name, value as OrtTensor | null)
  }
  return tensors
}

function fromOrtTensor(name: string, value: OrtTensor | null): Tensor {
  if (value === null || typeof value !== 'object' || !('dims' in value)) {
    throw new RuntimeError('RUNTIME_UNSUPPORTED_TYPE', `Output '${name}' is not a tensor`, {
      details: { name },
    })
  }
  return { type: value.type as ElementType, dims: value.dims, data: elements(value) }
}

/** ONNX Runtime gives float16 as a Float16Array where there is one; ours are bits everywhere. */
function elements({ type, data }: OrtTensor): TensorData {
  return type === 'float16' ? bitsOf(data as Uint16Array) : (data as TensorData)
}

function bitsOf({ buffer, byteOffset, length }: Uint16Array): Uint16Array {
  return new Uint16Array(buffer, byteOffset, length)
}
