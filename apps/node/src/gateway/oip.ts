import type { Tensor, TensorMap } from '@neurovoyance/protocol'
import { z } from 'zod'
import { NodeError } from '../errors.js'
import { tensorFromElements, tensorToElements } from '../files/elements.js'
import { datatypeOf, elementTypeOf } from './datatypes.js'
import { tensorFromRaw, tensorToRaw } from './raw-tensors.js'

/**
 * The Open Inference Protocol v2 over HTTP: JSON, and the binary tensor data extension, in which raw
 * tensors follow the JSON and `Inference-Header-Content-Length` says where the JSON ends.
 * Source: https://github.com/kserve/open-inference-protocol and Triton's extension_binary_data.md
 */

const parameters = z.record(z.string(), z.unknown()).optional()
const requestSchema = z.object({
  id: z.string().max(256).optional(),
  parameters,
  inputs: z
    .array(
      z.object({
        name: z.string().min(1).max(512),
        shape: z.array(z.int().min(0)).max(32),
        datatype: z.string().max(16),
        parameters,
        data: z.unknown().optional(),
      }),
    )
    .max(1024),
  outputs: z
    .array(z.object({ name: z.string().min(1).max(512), parameters }))
    .max(1024)
    .optional(),
})

/** An inference request, decoded. */
export interface OipRequest {
  id: string | undefined
  inputs: TensorMap
  /** Outputs asked for; all when `undefined`. */
  outputs: string[] | undefined
  /** Whether an output is to be sent as raw bytes. */
  isBinary(output: string): boolean
}

/** A response body and how to send it. */
export interface OipResponse {
  chunks: Uint8Array[]
  /** Bytes of the JSON before the raw tensors; `undefined` where all is JSON. */
  headerBytes: number | undefined
}

/**
 * Decodes a request body.
 *
 * @param headerBytes value of `Inference-Header-Content-Length`, where given.
 * @throws NodeError `NODE_BAD_REQUEST` naming what is wrong.
 */
export function decodeRequest(body: Uint8Array, headerBytes?: number): OipRequest {
  if (
    headerBytes !== undefined &&
    !(Number.isSafeInteger(headerBytes) && headerBytes >= 0 && headerBytes <= body.length)
  ) {
    throw bad(`Inference-Header-Content-Length is ${headerBytes} in a body of ${body.length} bytes`)
  }
  const request = parseJson(headerBytes === undefined ? body : body.subarray(0, headerBytes))
  const raw = headerBytes === undefined ? new Uint8Array(0) : body.subarray(headerBytes)
  const inputs: Record<string, Tensor> = Object.create(null)
  let at = 0
  for (const input of request.inputs) {
    if (Object.hasOwn(inputs, input.name)) throw bad(`input '${input.name}' is given twice`)
    const type = elementTypeOf(input.datatype)
    if (type === undefined)
      throw bad(`input '${input.name}' is of datatype ${input.datatype}, which models here cannot take`)
    const size = input.parameters?.binary_data_size
    if (size === undefined) {
      inputs[input.name] = explain(input.name, () =>
        tensorFromElements(type, flatten(input.data, input.shape), input.shape),
      )
      continue
    }
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0 || at + size > raw.length) {
      throw bad(`binary_data_size of input '${input.name}' goes past the end of the body`)
    }
    const bytes = raw.subarray(at, at + size)
    inputs[input.name] = explain(input.name, () => tensorFromRaw(type, bytes, input.shape))
    at += size
  }
  if (at !== raw.length) throw bad(`${raw.length - at} bytes follow the last tensor`)
  const binaryByDefault = request.parameters?.binary_data_output === true
  const binary = new Map(request.outputs?.map(output => [output.name, output.parameters?.binary_data]))
  return {
    id: request.id,
    inputs,
    outputs: request.outputs?.length ? request.outputs.map(output => output.name) : undefined,
    isBinary: output => (binary.get(output) ?? binaryByDefault) === true,
  }
}

/** Encodes a response: outputs in the given order, raw where the request asked for it. */
export function encodeResponse(model: string, request: OipRequest, outputs: TensorMap): OipResponse {
  const raw: Uint8Array[] = []
  const described = Object.entries(outputs).map(([name, tensor]) => {
    const head = { name, datatype: datatypeOf(tensor.type), shape: [...tensor.dims] }
    if (!request.isBinary(name)) return { ...head, data: tensorToElements(tensor).map(finite) }
    const bytes = tensorToRaw(tensor)
    raw.push(bytes)
    return { ...head, parameters: { binary_data_size: bytes.length } }
  })
  const body = {
    model_name: model,
    model_version: '1',
    ...(request.id !== undefined && { id: request.id }),
    outputs: described,
  }
  const json = new TextEncoder().encode(JSON.stringify(body))
  return { chunks: [json, ...raw], headerBytes: raw.length > 0 ? json.length : undefined }
}

function parseJson(bytes: Uint8Array): z.output<typeof requestSchema> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw bad(`its JSON cannot be read: ${(error as Error).message}`)
  }
  const result = requestSchema.safeParse(value)
  if (result.success) return result.data
  throw bad(result.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`).join('; '))
}

/** Elements of nested arrays in row-major order; a flat array is taken as it is. */
function flatten(data: unknown, shape: readonly number[]): unknown[] {
  if (!Array.isArray(data)) throw new TypeError('its data is not an array')
  return data.flat(Math.max(0, shape.length - 1))
}

/** JSON has no NaN and infinities: they become null, as in other servers of this protocol. */
function finite(element: unknown): unknown {
  return typeof element === 'number' && !Number.isFinite(element) ? null : element
}

function explain<T>(input: string, build: () => T): T {
  try {
    return build()
  } catch (error) {
    throw bad(`input '${input}': ${(error as Error).message}`)
  }
}

function bad(reason: string): NodeError {
  return new NodeError('NODE_BAD_REQUEST', `The inference request is not valid: ${reason}.`)
}
