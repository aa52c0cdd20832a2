import { idOf, LedgerError } from '@neurovoyance/ledger'
import type { Chain } from '@neurovoyance/ledger/node'
import { LIMITS, parseAddress } from '@neurovoyance/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { NodeError } from '../../errors.js'
import { NODE_LIMITS } from '../../limits.js'
import { abortedBy } from '../request-signal.js'
import { addressText, streamEvents } from './event-stream.js'
import { blockJson, transactionJson, transactionProofJson } from './json.js'
import { tryTransaction } from './trial.js'
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

interface Query {
  prove?: string
  account?: string
  kind?: string
  limit?: string
  before?: string
  wait?: string
  after?: string
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
  server.get<{ Params: { id: string }; Querystring: Query }>(
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
  server.get<{ Params: { address: string }; Querystring: Query }>(
    '/chain/accounts/:address',
    async ({ params, query }, reply) => {
      const address = addressText(params.address)
      const nodes = init.nodes().slice(0, NODE_LIMITS.chainNodes)
      if (flag(query.prove, 'prove')) return provenAccountJson(chain, address, nodes, abortedBy(reply))
      return accountJson(newestState(chain), address, nodes)
    },
  )
  server.get<{ Params: { address: string }; Querystring: Query }>(
    '/chain/accounts/:address/transactions',
    async ({ params, query }) => {
      const limit = query.limit === undefined ? 20 : wholeNumber(query.limit, 'limit')
      if (limit < 1 || limit > LIMITS.chainHistory) throw bad(`limit is from 1 to ${LIMITS.chainHistory}`)
      const found = await chain.history(idOf(parseAddress(params.address)), limit, placeOf(query.before))
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

/** Listeners that are served at a time. */
function eventRoute(server: FastifyInstance, chain: Chain): void {
  let listeners = 0
  server.get<{ Querystring: Query }>('/chain/events', async (request, reply) => {
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
  if (!/^[a-zA-Z]+(\/[a-zA-Z]+)?$/.test(kind)) throw bad('kind is module/event, or a module')
  const names = [...machine.modules.map(({ name }) => name), OTHER_MODULE].sort()
  if (!names.includes(kind.split('/')[0]!)) {
    throw bad(`no event is of the kind ${kind}; the modules are ${names.join(', ')}`)
  }
}

function heardOf(request: FastifyRequest<{ Querystring: Query }>): number | undefined {
  const given = request.headers['last-event-id'] ?? request.query.after
  return given === undefined ? undefined : wholeNumber(String(given), 'Last-Event-ID')
}

function transactionBytes(request: FastifyRequest): Uint8Array {
  const body = request.body as Uint8Array | undefined
  if (body === undefined || body.length === 0)
    throw bad('the body is a transaction: its bytes, or JSON { "bytes": base64 }')
  const isJson = request.headers['content-type']?.startsWith('application/json') === true
  // a transaction in base64, with room for the JSON about it
  if (body.length > (isJson ? 2 : 1) * LIMITS.transactionBytes) {
    throw bad(`a transaction has ${LIMITS.transactionBytes} bytes at most`)
  }
  return isJson ? fromJson(body) : Uint8Array.from(body)
}

function fromJson(body: Uint8Array): Uint8Array {
  try {
    const { bytes } = JSON.parse(Buffer.from(body).toString('utf8')) as { bytes?: unknown }
    if (typeof bytes === 'string' && /^[A-Za-z0-9+/]+={0,2}$/.test(bytes)) {
      return Uint8Array.from(Buffer.from(bytes, 'base64'))
    }
  } catch {
    // said below
  }
  throw bad('the body is no JSON of the form { "bytes": base64 }')
}

function blockPlace(text: string): number | Uint8Array | undefined {
  if (text === 'latest') return undefined
  return /^[0-9a-f]{64}$/.test(text) ? hash(text, 'id of a block') : wholeNumber(text, 'height')
}

function placeOf(text: string | undefined): { height: number; index: number } | undefined {
  if (text === undefined) return undefined
  const [height = '', index = ''] = text.split('.')
  return { height: wholeNumber(height, 'before'), index: wholeNumber(index, 'before') }
}

function waitMs(text: string | undefined): number {
  return text === undefined ? 0 : Math.min(wholeNumber(text, 'wait'), NODE_LIMITS.chainWaitMs)
}

function hash(text: string, what: string): Uint8Array {
  if (/^[0-9a-f]{64}$/.test(text)) return Uint8Array.from(Buffer.from(text, 'hex'))
  throw bad(`the ${what} is 64 hexadecimal digits`)
}

function flag(text: string | undefined, what: string): boolean {
  if (text === undefined || text === 'false') return false
  if (text === 'true') return true
  throw bad(`${what} is true or false`)
}

function wholeNumber(text: string, what: string): number {
  const value = Number(text)
  if (/^\d{1,16}$/.test(text) && Number.isSafeInteger(value)) return value
  throw bad(`${what} is a whole number`)
}

const bad = (problem: string): NodeError =>
  new NodeError('NODE_BAD_REQUEST', `The request is not valid: ${problem}.`)

const notFound = (problem: string): LedgerError =>
  new LedgerError('LEDGER_NOT_FOUND', `Nothing is there: ${problem}.`)
