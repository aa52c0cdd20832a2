import { timingSafeEqual } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { errorCode, type Logger } from '@neurovoyance/protocol'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { NodeError } from '../errors.js'
import { NODE_LIMITS } from '../limits.js'
import type { BodyLimits } from './body-budget.js'
import { controlRoutes } from './control-routes.js'
import { inferenceRoutes } from './inference-routes.js'
import type { Control, Inference } from './ports.js'
import { acceptRawBodies } from './request-body.js'
import { httpStatus } from './status-code.js'
import { answerUnknown } from './unknown-routes.js'

/** What a gateway is made from. */
export interface GatewayInit {
  /** Address to listen on; anything but loopback is reachable by others who have the token. */
  host: string
  /** Port; 0 = any free one. */
  port: number
  /** Every request but health checks must carry it: `Authorization: Bearer TOKEN`. */
  token: string
  inference: Inference
  control: Control
  /** Prometheus text of this node's metrics; no `/metrics` when left out. */
  metrics?: () => Promise<{ contentType: string; text: string }>
  /** Adds the routes of the chain that this node keeps; without, they say that it keeps none. */
  chain?: (server: FastifyInstance) => void
  /** Most request bodies that are worked on at a time; beyond it callers are told to come back. */
  bodies?: BodyLimits
  logger: Logger
}

/** A running HTTP gateway. */
export interface Gateway {
  /** `http://127.0.0.1:7700` */
  readonly url: string
  readonly token: string
  close(): Promise<void>
}

const OPEN_PATHS = new Set(['/healthz', '/v2/health/live', '/v2/health/ready'])

/**
 * Starts the HTTP gateway: the Open Inference Protocol, this node's control routes, health and metrics.
 *
 * @throws NodeError `NODE_PORT_TAKEN` when another process has the port.
 */
export async function startGateway(init: GatewayInit): Promise<Gateway> {
  const server = Fastify({
    bodyLimit: NODE_LIMITS.gatewayBodyBytes,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 1024 },
  })
  acceptRawBodies(server, init.bodies)
  server.addHook('onRequest', async request => authorize(request, init.token))
  server.setErrorHandler((error, request, reply) => answerError(error, request, reply, init.logger))
  answerUnknown(server)
  server.get('/healthz', async () => ({ ok: true }))
  const { metrics } = init
  if (metrics !== undefined) {
    server.get('/metrics', async (_, reply) => {
      const { contentType, text } = await metrics()
      return reply.type(contentType).send(text)
    })
  }
  inferenceRoutes(server, init.inference, init.control)
  controlRoutes(server, init.control, init.inference)
  if (init.chain !== undefined) init.chain(server)
  else server.all('/chain/*', async () => keepsNoChain())

  await listen(server, init)
  const { port } = server.server.address() as AddressInfo
  const host = init.host.includes(':') ? `[${init.host}]` : init.host
  return {
    url: `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`,
    token: init.token,
    close: () => server.close(),
  }
}

function keepsNoChain(): never {
  throw new NodeError(
    'NODE_NO_CHAIN',
    "This node keeps no chain: name one with 'nv config set chain.genesis FILE' and start it again, or ask a node that does.",
  )
}

async function listen(server: FastifyInstance, { host, port }: GatewayInit): Promise<void> {
  try {
    await server.listen({ host, port })
  } catch (error) {
    await server.close()
    if (errorCode(error) !== 'EADDRINUSE') throw error
    throw new NodeError(
      'NODE_PORT_TAKEN',
      `Port ${port} on ${host} is taken: set gateway.port in the config file to another (0 = any free one), or stop the program that has it.`,
      {
        details: { host, port },
        cause: error,
      },
    )
  }
}

function authorize(request: FastifyRequest, token: string): void {
  const path = request.url.split('?', 1)[0]!
  if (OPEN_PATHS.has(path)) return
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  if (given !== undefined && sameText(given, token)) return
  throw new NodeError(
    'NODE_UNAUTHORIZED',
    "This gateway wants its token: 'Authorization: Bearer TOKEN'. `nv status --json` shows it to the node's owner.",
  )
}

function sameText(one: string, other: string): boolean {
  const a = Buffer.from(one)
  const b = Buffer.from(other)
  return a.length === b.length && timingSafeEqual(a, b)
}

function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  logger: Logger,
): FastifyReply {
  const status = httpStatus(error)
  const code = errorCode(error) ?? 'NODE_INTERNAL'
  const details = (error as { details?: object }).details
  if (status === 503) reply.header('retry-after', '1')
  if (status >= 500)
    logger.warn({ method: request.method, url: request.url, code, error }, 'a gateway request failed')
  const message = status === 500 ? 'The node failed to answer; its log says why.' : (error as Error).message
  return reply.status(status).send({ error: message, code, ...(details && { details }) })
}
