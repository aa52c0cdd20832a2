import { NeurovoyanceError } from '@neurovoyance/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { NodeError } from '../errors.js'
import { modelSourceSchema } from '../models/sources.js'
import type { Control, Inference } from './ports.js'
import { abortedBy } from './request-signal.js'

interface ModelPath {
  Params: { model: string }
}

const addSchema = z.strictObject({ source: modelSourceSchema })

/** Routes by which the command line shows and steers the node that this gateway belongs to. */
export function controlRoutes(server: FastifyInstance, control: Control, inference: Inference): void {
  server.get('/nv/v1/status', async () => control.status())
  server.get('/nv/v1/peers', async () => control.peers())
  server.get('/nv/v1/models', async () => control.models())
  server.post('/nv/v1/models', async (request, reply) => addModel(control, request, reply))
  // The Open Inference Protocol has a number for each dimension, -1 where it is open: names of dimensions are told here.
  server.get<ModelPath>('/nv/v1/models/:model', async (request, reply) => {
    const { inputs, outputs } = await inference.describe(request.params.model, { signal: abortedBy(reply) })
    return { inputs, outputs }
  })
  server.delete<ModelPath>('/nv/v1/models/:model', async (request, reply) => {
    await control.removeModel(request.params.model)
    return reply.status(204).send()
  })
}

/** Answers with one JSON object a line: `{ progress }` while it goes on, then `{ result }` or `{ error }`. */
function addModel(control: Control, request: FastifyRequest, reply: FastifyReply): void {
  const { source } = parseBody(addSchema, request.body)
  const signal = abortedBy(reply)
  reply.hijack()
  reply.raw.writeHead(200, { 'content-type': 'application/x-ndjson' })
  const line = (value: object) => reply.raw.write(`${JSON.stringify(value)}\n`)
  control
    .addModel(source, { signal, onProgress: progress => line({ progress }) })
    .then(result => line({ result }))
    .catch((error: unknown) => line({ error: toPlain(error) }))
    .finally(() => reply.raw.end())
}

function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(Buffer.from(body as Uint8Array).toString('utf8')))
  } catch (error) {
    throw new NodeError('NODE_BAD_REQUEST', `The request is not valid: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

function toPlain(error: unknown): object {
  if (error instanceof NeurovoyanceError) return error.toJSON()
  return {
    code: (error as { code?: string }).code ?? 'NODE_INTERNAL',
    message: (error as Error).message,
    details: {},
  }
}
