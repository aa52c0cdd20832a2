import { idOf } from '@neurovoyance/ledger'
import type { Chain } from '@neurovoyance/ledger/node'
import { LIMITS, parseAddress } from '@neurovoyance/protocol'
import type { FastifyInstance } from 'fastify'
import { NODE_LIMITS } from '../../limits.js'
import { abortedBy } from '../request-signal.js'
import { eventRoute } from './event-route.js'
import { addressText } from './event-stream.js'
import { blockJson, transactionJson, transactionProofJson } from './json.js'
import { badRequest, notFound } from './refusals.js'
import { transactionBytes } from './transaction-body.js'
import { tryTransaction } from './trial.js'
import {
  blockPlace,
  type ChainQuery,
  flag,
  hash,
  transactionPlace,
  waitMs,
  wholeNumber,
} from './url-values.js'
import {
  accountJson,
  newestState,
  parametersJson,
  provenAccountJson,
  statusJson,
  supplyJson,
  validatorsJson,
} from './views.js'

/** What the routes tell of. */
export interface ChainRoutesInit {
  readonly chain: Chain
  /** The key that this node votes with. */
  readonly validator?: Uint8Array | undefined
  /** Network keys of this node and of those that it is connected with, hexadecimal. */
  nodes(): readonly string[]
  /** From the newest block's stamp to its decision here. */
  finalityMs(): number | undefined
}

/** Routes by which programs see the node's chain, and give it transactions. */
export function chainRoutes(server: FastifyInstance, init: ChainRoutesInit): void {
  const { chain } = init
  server.get('/chain/status', async () =>
    statusJson(chain, { validator: init.validator, finalityMs: init.finalityMs() }),
  )
  server.get('/chain/validators', async () => validatorsJson(chain))
  server.get('/chain/supply', async () => supplyJson(chain))
  server.get('/chain/parameters', async () => parametersJson(chain))
  server.get<{ Params: { at: string } }>('/chain/blocks/:at', async ({ params }) => {
    const block = chain.block(blockPlace(params.at))
    if (block === undefined) throw notFound(`no block ${params.at} is kept here`)
    return blockJson(block)
  })
  server.get<{ Params: { at: string } }>('/chain/light-blocks/:at', async ({ params }, reply) => {
    const at = params.at === 'latest' ? undefined : wholeNumber(params.at, 'height')
    const bytes = chain.lightBlock(at)
    if (bytes === undefined) throw notFound(`no light block ${params.at} is kept here`)
    return reply.type('application/octet-stream').send(Buffer.from(bytes))
  })
  server.get<{ Params: { id: string }; Querystring: ChainQuery }>(
    '/chain/transactions/:id',
    async ({ params, query }, reply) => {
      const id = hash(params.id, 'id of a transaction')
      const isProven = flag(query.prove, 'prove')
      const signal = AbortSignal.any([abortedBy(reply), AbortSignal.timeout(waitMs(query.wait))])
      const found = await chain.transaction(id)
      if (found === undefined) throw notFound(`transaction ${params.id} was not heard of here`)
      const isDone = found.height > 0 || query.wait === undefined
      const settled = isDone ? found : await unlessLate(chain.settled(id, { signal }), found, signal)
      if (settled.height === 0 || !isProven) return transactionJson(settled)
      const proof = await chain.proveTransaction(id, { signal: abortedBy(reply) })
      return { ...transactionJson(settled), ...(proof && { proof: transactionProofJson(proof) }) }
    },
  )
  server.post('/chain/transactions/trial', async request =>
    tryTransaction(chain, transactionBytes(request), Date.now()),
  )
  server.post('/chain/transactions', async (request, reply) => {
    const id = await chain.submit(transactionBytes(request))
    return reply.status(202).send({ id: Buffer.from(id).toString('hex') })
  })
  server.get<{ Params: { address: string }; Querystring: ChainQuery }>(
    '/chain/accounts/:address',
    async ({ params, query }, reply) => {
      const address = addressText(params.address)
      const nodes = init.nodes().slice(0, NODE_LIMITS.chainNodes)
      if (flag(query.prove, 'prove')) return provenAccountJson(chain, address, nodes, abortedBy(reply))
      return accountJson(newestState(chain), address, nodes)
    },
  )
  server.get<{ Params: { address: string }; Querystring: ChainQuery }>(
    '/chain/accounts/:address/transactions',
    async ({ params, query }) => {
      const limit = query.limit === undefined ? 20 : wholeNumber(query.limit, 'limit')
      if (limit < 1 || limit > LIMITS.chainHistory)
        throw badRequest(`limit is from 1 to ${LIMITS.chainHistory}`)
      const found = await chain.history(
        idOf(parseAddress(params.address)),
        limit,
        transactionPlace(query.before),
      )
      return found.map(transactionJson)
    },
  )
  eventRoute(server, chain)
}

async function unlessLate<T>(answer: Promise<T>, known: T, signal: AbortSignal): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (signal.aborted) return known
    throw error
  }
}
