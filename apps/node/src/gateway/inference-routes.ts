import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { NodeError } from '../errors.js'
import { VERSION } from '../package.js'
import { datatypeOf } from './datatypes.js'
import { decodeRequest, encodeResponse } from './oip.js'
import type { Control, Inference, TensorDescription } from './ports.js'
import { abortedBy } from './request-signal.js'

interface ModelPath {
  Params: { model: string; version?: string }
}

const HEADER_LENGTH = 'inference-header-content-length'
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/

/** The Open Inference Protocol v2: health, metadata and inference. */
export function inferenceRoutes(server: FastifyInstance, inference: Inference, control: Control): void {
  server.get('/v2', async () => ({
    name: 'neurovoyance',
    version: VERSION,
    extensions: ['binary_tensor_data'],
  }))
  server.get('/v2/health/live', async () => ({ live: true }))
  server.get('/v2/health/ready', async (_, reply) => {
    const ready = control.status().ready
    return reply.status(ready ? 200 : 503).send({ ready })
  })

  for (const path of ['/v2/models/:model', '/v2/models/:model/versions/:version']) {
    server.get<ModelPath>(path, async (request, reply) => describe(inference, request, reply))
    server.get<ModelPath>(`${path}/ready`, async (request, reply) => {
      const signal = abortedBy(reply)
      const ready = await inference.describe(request.params.model, { signal }).then(
        () => true,
        () => false,
      )
      return reply.status(ready ? 200 : 404).send({ ready })
    })
    server.post<ModelPath>(`${path}/infer`, async (request, reply) => infer(inference, request, reply))
  }
}

async function describe(inference: Inference, request: FastifyRequest<ModelPath>, reply: FastifyReply) {
  const { inputs, outputs } = await inference.describe(request.params.model, { signal: abortedBy(reply) })
  return {
    name: request.params.model,
    versions: ['1'],
    platform: 'onnx',
    inputs: inputs.map(metadata),
    outputs: outputs.map(metadata),
  }
}

async function infer(inference: Inference, request: FastifyRequest<ModelPath>, reply: FastifyReply) {
  const body = request.body
  if (!(body instanceof Uint8Array))
    throw new NodeError('NODE_BAD_REQUEST', 'The inference request has no body.')
  const headerBytes = request.headers[HEADER_LENGTH]
  const decoded = decodeRequest(body, headerBytes === undefined ? undefined : Number(headerBytes))
  const { outputs, node, latencyMs } = await inference.infer({
    model: request.params.model,
    inputs: decoded.inputs,
    outputs: decoded.outputs,
    deadlineMs: deadlineOf(request),
    signal: abortedBy(reply),
    trace: traceOf(request),
  })
  const response = encodeResponse(request.params.model, decoded, outputs)
  reply.header('x-neurovoyance-node', node).header('x-neurovoyance-latency-ms', latencyMs.toFixed(3))
  if (response.headerBytes === undefined)
    return reply.type('application/json').send(Buffer.from(response.chunks[0]!))
  return reply
    .type('application/octet-stream')
    .header(HEADER_LENGTH, String(response.headerBytes))
    .header('content-length', String(response.chunks.reduce((sum, chunk) => sum + chunk.length, 0)))
    .send(Readable.from(response.chunks, { objectMode: false }))
}

/** A request may set its own deadline: `x-deadline-ms: 5000`. */
function deadlineOf(request: FastifyRequest): number | undefined {
  const header = request.headers['x-deadline-ms']
  if (header === undefined) return undefined
  const deadlineMs = Number(header)
  if (Number.isFinite(deadlineMs) && deadlineMs > 0) return deadlineMs
  throw new NodeError('NODE_BAD_REQUEST', `x-deadline-ms is '${header}': give a number of milliseconds.`)
}

/**
 * The caller's trace context; one that is malformed is as good as none.
 * Source: https://www.w3.org/TR/trace-context/, section 3.2.
 */
function traceOf(request: FastifyRequest): string | undefined {
  const header = request.headers.traceparent
  return typeof header === 'string' && TRACEPARENT.test(header) ? header : undefined
}

function metadata({ name, type, dims }: TensorDescription) {
  return {
    name,
    datatype: datatypeOf(type as never),
    shape: (dims ?? [-1]).map(dim => (typeof dim === 'number' ? dim : -1)),
  }
}
