import { Transform } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { NODE_LIMITS } from '../limits.js'
import { type Allowance, type BodyLimits, createBodyBudget } from './body-budget.js'

const DEFAULT_LIMITS: BodyLimits = {
  requests: NODE_LIMITS.gatewayInFlight,
  bytes: NODE_LIMITS.gatewayInFlightBytes,
}

/**
 * Bodies reach the routes as bytes: tensors are raw, and JSON is checked where it is read. A body takes its room
 * before it is read, by the length that its header declares or else as it comes, and keeps it until the request is
 * answered or its caller has hung up.
 */
export function acceptRawBodies(server: FastifyInstance, limits = DEFAULT_LIMITS): void {
  const budget = createBodyBudget(limits)
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
  server.addHook('preParsing', async (request, reply, payload) => {
    if (request.method === 'GET' || request.method === 'HEAD') return payload
    const allowance = budget.admit()
    reply.raw.once('close', allowance.release)
    const declared = declaredBytes(request)
    if (declared === undefined) return payload.pipe(counted(allowance))
    allowance.take(declared)
    return payload
  })
}

function declaredBytes(request: FastifyRequest): number | undefined {
  const header = request.headers['content-length']
  return header === undefined ? undefined : Math.min(Number(header), NODE_LIMITS.gatewayBodyBytes + 1)
}

function counted(allowance: Allowance): Transform {
  return new Transform({
    transform(chunk: Buffer, _, done) {
      try {
        allowance.take(chunk.length)
        done(null, chunk)
      } catch (error) {
        done(error as Error)
      }
    },
  })
}
