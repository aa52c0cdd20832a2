import { createTensor, type Tensor } from '@neurovoyance/protocol'
import { Tensor as OrtTensor } from 'onnxruntime-common'

/** An ONNX Runtime tensor as the network carries it: the same array, downloaded first where it lies on a GPU. */
export async function fromOrtTensor(tensor: OrtTensor): Promise<Tensor> {
  const data = tensor.location === 'cpu' ? tensor.data : await tensor.getData()
  return createTensor(tensor.type, data, tensor.dims)
}

/** A tensor of the network as an ONNX Runtime tensor over the same bytes. */
export function toOrtTensor({ type, data, dims }: Tensor): OrtTensor {
  return new OrtTensor(type, data as OrtTensor.DataType, dims)
}

/**
 * Writes a result into the tensor that the caller gave for it, as ONNX Runtime does with preallocated fetches.
 * Where type or shape differ, the caller gets the result's own tensor.
 */
export function fillOrtTensor(into: OrtTensor, result: OrtTensor): OrtTensor {
  if (into.type !== result.type || into.type === 'string' || into.location !== 'cpu') return result
  if (into.dims.join() !== result.dims.join()) return result
  bytesOf(into).set(bytesOf(result))
  return into
}

function bytesOf({ data }: OrtTensor): Uint8Array {
  const { buffer, byteOffset, byteLength } = data as Uint8Array
  return new Uint8Array(buffer, byteOffset, byteLength)
}
