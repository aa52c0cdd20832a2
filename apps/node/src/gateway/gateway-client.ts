import { readFile } from 'node:fs/promises'
import { NeurovoyanceError, type TensorMap } from '@neurovoyance/protocol'
import { z } from 'zod'
import { isAlive } from '../config/process.js'
import { NodeError } from '../errors.js'
import { isMissing } from '../files/is-missing.js'
import type { AddedModel, ModelProgress } from '../models/model-store.js'
import type { ModelSource } from '../models/sources.js'
import type { NodeStatus, PeerStatus } from '../status.js'
import { decodeResponse, encodeRequest } from './oip-client.js'
import type { ModelDescription, ModelListing } from './ports.js'

const gatewaySchema = z.object({ url: z.string(), token: z.string(), pid: z.int() })

/** Address and token of a running node's gateway. */
export type GatewayAddress = Pick<z.output<typeof gatewaySchema>, 'url' | 'token'>

/** Speaks to the gateway of a node that runs on this machine. */
export interface GatewayClient {
  readonly address: GatewayAddress
  status(): Promise<NodeStatus>
  peers(): Promise<PeerStatus[]>
  models(): Promise<ModelListing[]>
  addModel(source: ModelSource, onProgress?: (progress: ModelProgress) => void): Promise<AddedModel>
  removeModel(model: string): Promise<void>
  describe(model: string): Promise<ModelDescription>
  infer(
    model: string,
    inputs: TensorMap,
    options: { outputs?: readonly string[]; deadlineMs: number },
  ): Promise<{ outputs: TensorMap; node: string; latencyMs: number }>
}

/** The gateway of the node that runs from this home folder, if one does. */
export async function readGateway(path: string): Promise<GatewayAddress | undefined> {
  try {
    const address = gatewaySchema.parse(JSON.parse(await readFile(path, 'utf8')))
    return isAlive(address.pid) ? address : undefined
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError || error instanceof z.ZodError) return undefined
    throw error
  }
}

/** A client for a gateway whose address and token are known. */
export function gatewayClient(address: GatewayAddress): GatewayClient {
  const call = (method: string, path: string, init?: GatewayRequest) =>
    callGateway(address, method, path, init)
  const json = async <T>(path: string) => (await (await call('GET', path)).json()) as T
  return {
    address,
    status: () => json('/nv/v1/status'),
    peers: () => json('/nv/v1/peers'),
    models: () => json('/nv/v1/models'),
    async addModel(source, onProgress) {
      const response = await call('POST', '/nv/v1/models', { body: JSON.stringify({ source }) })
      for await (const line of lines(response)) {
        const event = JSON.parse(line) as {
          progress?: ModelProgress
          result?: AddedModel
          error?: RemoteError
        }
        if (event.progress) onProgress?.(event.progress)
        if (event.result) return event.result
        if (event.error) throw toError(event.error)
      }
      throw new NodeError(
        'NODE_GATEWAY_UNREACHABLE',
        'The node stopped before the model was added. Start it and run the command again: what was fetched is kept.',
      )
    },
    async removeModel(model) {
      await call('DELETE', `/nv/v1/models/${encodeURIComponent(model)}`)
    },
    describe: model => json(`/nv/v1/models/${encodeURIComponent(model)}`),
    async infer(model, inputs, { outputs, deadlineMs }) {
      const { body, headers } = encodeRequest(inputs, outputs)
      const response = await call('POST', `/v2/models/${encodeURIComponent(model)}/infer`, {
        body,
        headers: { ...headers, 'x-deadline-ms': String(deadlineMs) },
      })
      return {
        outputs: decodeResponse(
          new Uint8Array(await response.arrayBuffer()),
          response.headers.get('inference-header-content-length'),
        ),
        node: response.headers.get('x-neurovoyance-node') ?? '',
        latencyMs: Number(response.headers.get('x-neurovoyance-latency-ms')),
      }
    },
  }
}

/** What a request of the gateway carries beside its token. */
export interface GatewayRequest {
  body?: Uint8Array | string
  headers?: Record<string, string>
  signal?: AbortSignal
}

/**
 * Asks a gateway.
 *
 * @throws NodeError `NODE_GATEWAY_UNREACHABLE`; NeurovoyanceError with the code of what the gateway refused
 */
export async function callGateway(
  address: GatewayAddress,
  method: string,
  path: string,
  init: GatewayRequest = {},
): Promise<Response> {
  const response = await request(address, method, path, init)
  if (!response.ok) throw await remoteError(response)
  return response
}

interface RemoteError {
  code: string
  message: string
  details?: Record<string, unknown>
}

async function request(
  address: GatewayAddress,
  method: string,
  path: string,
  { body, headers, signal }: GatewayRequest,
): Promise<Response> {
  try {
    return await fetch(address.url + path, {
      method,
      headers: { authorization: `Bearer ${address.token}`, ...headers },
      ...(body !== undefined && { body: body as BodyInit }),
      ...(signal && { signal }),
    })
  } catch (error) {
    signal?.throwIfAborted()
    throw new NodeError('NODE_GATEWAY_UNREACHABLE', `The gateway at ${address.url} does not answer.`, {
      cause: error,
      details: { url: address.url },
    })
  }
}

async function remoteError(response: Response): Promise<Error> {
  const text = await response.text()
  try {
    const { error, code, details } = JSON.parse(text) as {
      error: string
      code: string
      details?: Record<string, unknown>
    }
    return toError({ code, message: error, ...(details && { details }) })
  } catch {
    return new NodeError('NODE_GATEWAY_UNREACHABLE', `The gateway answered HTTP ${response.status}.`)
  }
}

function toError({ code, message, details }: RemoteError): Error {
  return new NeurovoyanceError(code, message, { details: details ?? {} })
}

/** A response's lines as they come. */
export async function* lines(response: Response): AsyncIterable<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of response.body ?? []) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = parts.pop()!
    yield* parts
  }
  if (rest !== '') yield rest
}
