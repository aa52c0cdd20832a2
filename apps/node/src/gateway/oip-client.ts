import type { Tensor, TensorMap } from '@neurovoyance/protocol'
import { NodeError } from '../errors.js'
import { tensorFromElements } from '../files/elements.js'
import { datatypeOf, elementTypeOf } from './datatypes.js'
import { tensorFromRaw, tensorToRaw } from './raw-tensors.js'

/** Encodes an inference request with raw tensors, asking for raw outputs. */
export function encodeRequest(
  inputs: TensorMap,
  outputs?: readonly string[],
): { body: Uint8Array; headers: Record<string, string> } {
  const raw: Uint8Array[] = []
  const described = Object.entries(inputs).map(([name, tensor]) => {
    const bytes = tensorToRaw(tensor)
    raw.push(bytes)
    return {
      name,
      datatype: datatypeOf(tensor.type),
      shape: [...tensor.dims],
      parameters: { binary_data_size: bytes.length },
    }
  })
  const request = {
    parameters: { binary_data_output: true },
    inputs: described,
    ...(outputs && { outputs: outputs.map(name => ({ name, parameters: { binary_data: true } })) }),
  }
  const json = Buffer.from(JSON.stringify(request))
  return {
    body: Buffer.concat([json, ...raw]),
    headers: {
      'content-type': 'application/octet-stream',
      'inference-header-content-length': String(json.length),
    },
  }
}

interface DescribedOutput {
  name: string
  datatype: string
  shape: number[]
  parameters?: { binary_data_size?: number }
  data?: unknown[]
}

/** Decodes an inference response. */
export function decodeResponse(body: Uint8Array, headerLength: string | null): TensorMap {
  const jsonBytes = headerLength === null ? body.length : Number(headerLength)
  const { outputs } = JSON.parse(Buffer.from(body.buffer, body.byteOffset, jsonBytes).toString('utf8')) as {
    outputs: DescribedOutput[]
  }
  const tensors: Record<string, Tensor> = {}
  let at = jsonBytes
  for (const { name, datatype, shape, parameters, data } of outputs) {
    const type = elementTypeOf(datatype)
    if (type === undefined)
      throw new NodeError(
        'NODE_GATEWAY_UNREACHABLE',
        `The gateway sent output '${name}' as ${datatype}, which is unknown here.`,
      )
    const bytes = parameters?.binary_data_size
    if (bytes === undefined) tensors[name] = tensorFromElements(type, data ?? [], shape)
    else {
      tensors[name] = tensorFromRaw(type, body.subarray(at, at + bytes), shape)
      at += bytes
    }
  }
  return tensors
}
