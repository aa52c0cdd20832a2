import type { ElementType, Tensor, TensorData, TensorMap } from '@neurovoyance/protocol'
import type { InferenceSession, Tensor as OrtTensor, TensorConstructor } from 'onnxruntime-common'
import { RuntimeError } from '../errors.js'

/** ONNX Runtime's tensors over the same memory as ours. */
export function toOrtFeeds(tensors: TensorMap, Tensor: TensorConstructor): Record<string, OrtTensor> {
  const feeds: Record<string, OrtTensor> = {}
  for (const [name, tensor] of Object.entries(tensors)) {
    feeds[name] = new Tensor(tensor.type as 'float32', tensor.data as Float32Array, tensor.dims)
  }
  return feeds
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

/** Where JavaScript has a Float16Array, ONNX Runtime uses it; our float16 is its bit patterns everywhere. */
function elements({ type, data }: OrtTensor): TensorData {
  if (type !== 'float16') return data as TensorData
  const { buffer, byteOffset, length } = data as Uint16Array
  return new Uint16Array(buffer, byteOffset, length)
}
