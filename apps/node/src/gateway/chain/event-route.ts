import type { Chain } from '@neurovoyance/ledger/node'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { NodeError } from '../../errors.js'
import { NODE_LIMITS } from '../../limits.js'
import { abortedBy } from '../request-signal.js'
import { addressText, streamEvents } from './event-stream.js'
import { badRequest } from './refusals.js'
import { type ChainQuery, wholeNumber } from './url-values.js'

/** The route by which programs listen to the chain; so many at a time. */
export function eventRoute(server: FastifyInstance, chain: Chain): void {
  let listeners = 0
  server.get<{ Querystring: ChainQuery }>('/chain/events', async (request, reply) => {
    if (listeners >= NODE_LIMITS.chainListeners) {
      throw new NodeError('NODE_GATEWAY_BUSY', `${listeners} listen to this chain already: come back later.`)
    }
    const after = heardOf(request)
    const { account, kind } = request.query
    const filter = { kind, account: account === undefined ? undefined : addressText(account) }
    if (kind !== undefined) assertKind(chain, kind)
    listeners++
    const signal = abortedBy(reply)
    reply.hijack()
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    try {
      await streamEvents({
        chain,
        response: reply.raw,
        after,
        filter,
        heartbeatMs: NODE_LIMITS.chainHeartbeatMs,
        signal,
      })
    } finally {
      listeners--
      reply.raw.end()
    }
  })
}

/** Rules beside the modules tell of one thing: an upgrade. */
const OTHER_MODULE = 'application'

function assertKind({ machine }: Chain, kind: string): void {
  if (!/^[a-zA-Z]+(\/[a-zA-Z]+)?$/.test(kind)) throw badRequest('kind is module/event, or a module')
  const names = [...machine.modules.map(({ name }) => name), OTHER_MODULE].sort()
  if (!names.includes(kind.split('/')[0]!)) {
    throw badRequest(`no event is of the kind ${kind}; the modules are ${names.join(', ')}`)
  }
}

function heardOf(request: FastifyRequest<{ Querystring: ChainQuery }>): number | undefined {
  const given = request.headers['last-event-id'] ?? request.query.after
  return given === undefined ? undefined : wholeNumber(String(given), 'Last-Event-ID')
}
