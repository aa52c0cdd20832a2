import { bytesOf, idOf } from '@neurovoyance/ledger'
import {
  dueFor,
  errorCode,
  formatAmount,
  type InferResponse,
  NeurovoyanceError,
  type NvyPrice,
  type Payment,
  PaymentService,
  type Price,
  type ReceivedMessage,
  SignedVoucher,
  type Statement,
} from '@neurovoyance/protocol'
import type { ClientContext } from '../context.js'
import { ClientError } from '../errors.js'
import { isFree, type PaidRequest, type PaidWork } from '../paying-port.js'
import type { ChannelBook, Ticket } from './channel-book.js'
import { leftOf } from './core/budget.js'
import { payerMessage } from './payer-message.js'
import type { PayingAccount } from './teller.js'
import { type Currency, costOf, type Quote, quoteOf, termsOf } from './terms.js'

/** What a user allows. */
export interface PayLimits {
  /** The most for one request. */
  readonly maxPrice: bigint
  /** The most for a request whose work cannot be computed here: the node's word counts. */
  readonly unmetered: bigint
  /** The most ahead of an answer. One run is one answer: nothing of it is delivered before all of it is. */
  readonly step: bigint
}

/** What requests are paid with. */
export interface PayingInit {
  readonly client: ClientContext
  readonly account: Pick<PayingAccount, 'sign'>
  readonly book: ChannelBook
  readonly currency: Currency
  readonly limits: PayLimits
  /** Told who is paid on an account: the node, and its payee. */
  onPaying(node: string, payee: string): void
  unitsOf(work: PaidWork): Promise<bigint | undefined>
}

/** Nodes to which channels are opened at a time. */
const OPENED_AT_ONCE = 3
/** A node that counts differently is asked again so often. */
const TRIES = 3

/** What a request costs at a node, and the account that it pays there; none where it is free. */
interface Fee {
  readonly cost: bigint
  readonly payee?: string
}

const FREE: Fee = Object.freeze({ cost: 0n })

type Attempt = (payment: Payment | undefined) => Promise<ReceivedMessage<InferResponse>>

/** Makes a request ready to be paid. */
export async function quoteRequest(init: PayingInit, work: PaidWork): Promise<PaidRequest> {
  const { client, book, currency, limits } = init
  const hosts = () => [...client.market.hosts(work.resolved.model).values()]
  const isPriced = hosts().some(({ entry }) => !isFree(entry.offer.price))
  let units = isPriced ? await init.unitsOf(work) : undefined
  const cost = (terms: NvyPrice) => costOf(terms, units, limits.unmetered)
  const known = new Map<Price, Fee | undefined>()

  /** What it costs at a node that can be paid; free for this node itself. */
  function feeAt(peerId: string, price: Price | undefined): Fee | undefined {
    if (price === undefined || isFree(price) || peerId === client.host.peerId) return FREE
    if (!known.has(price)) known.set(price, feeOf(price))
    return known.get(price)
  }

  function feeOf(price: Price): Fee | undefined {
    const terms = termsOf(price, currency)
    const due = terms && cost(terms)
    return terms === undefined || due === undefined || problemOf(due, limits) !== undefined
      ? undefined
      : { cost: due, payee: idOf(terms.payee) }
  }

  const candidates = () =>
    hosts().flatMap(({ peerId, entry }) => {
      const fee = feeAt(peerId, entry.offer.price)
      return fee === undefined ? [] : [{ peerId, ...fee }]
    })
  const isUsable = ({ payee }: Fee) => payee === undefined || book.get(payee) !== undefined

  async function openSome(): Promise<void> {
    const wanted = candidates()
      .filter(candidate => !isUsable(candidate))
      .sort((a, b) => connectedFirst(client, a.peerId, b.peerId) || compare(a.cost, b.cost))
      .slice(0, OPENED_AT_ONCE)
    await book.open(wanted.map(({ payee, cost: amount }) => ({ payee: payee!, amount })))
  }

  if (isPriced) {
    const inReach = candidates()
    if (inReach.length === 0)
      throw nobodyInReach(
        hosts().map(({ entry }) => entry.offer.price),
        init,
        units,
      )
    const usable = inReach.filter(isUsable).length
    if (usable === 0) {
      await openSome()
      if (!candidates().some(isUsable)) throw budgetSpent(init)
    } else if (usable < OPENED_AT_ONCE && usable < inReach.length) {
      void openSome().catch(error => client.logger.debug({ error }, 'no further channel was opened'))
    }
  }

  return {
    fare: (peerId, price) => {
      // nobody had offered it before: what it costs here is computed, and a channel opened, when it is sent
      if (!isPriced && peerId !== client.host.peerId && !isFree(price)) {
        const terms = termsOf(price, currency)
        return terms && dueFor(terms, 0n)
      }
      const fee = feeAt(peerId, price)
      return fee !== undefined && isUsable(fee) ? fee.cost : undefined
    },
    async send(node, signal, attempt) {
      const price = client.market.offer(node)?.offer.price
      const isOwn = node === client.host.peerId
      let terms = isOwn ? undefined : termsOf(price, currency)
      for (let tries = 1; ; tries++) {
        try {
          if (terms === undefined) return await attempt(undefined)
          units ??= await init.unitsOf(work)
          const due = cost(terms)
          const problem = due === undefined ? unmeterable() : problemOf(due, limits)
          if (due === undefined || problem !== undefined) throw problem!
          const payee = idOf(terms.payee)
          if (book.get(payee) === undefined) await book.open([{ payee, amount: due }])
          if (book.get(payee) === undefined) throw budgetSpent(init)
          return await pay(init, node, { payee, due }, signal, attempt)
        } catch (error) {
          if (tries === TRIES || isOwn) throw error
          if (terms !== undefined && isForPayer(error)) {
            await showPayer(init, node, idOf(terms.payee), signal)
            continue
          }
          const quote = errorCode(error) === 'NODE_PAYMENT_REQUIRED' ? quoteOf(error) : undefined
          if (quote === undefined) throw error
          terms = termsOf({ scheme: 'nvy', nvy: quote.terms }, currency)
          if (terms === undefined) throw error
          settleDifference(init, idOf(terms.payee), quote)
        }
      }
    },
  }
}

async function pay(
  init: PayingInit,
  node: string,
  { payee, due }: { payee: string; due: bigint },
  signal: AbortSignal,
  attempt: Attempt,
): Promise<ReceivedMessage<InferResponse>> {
  init.onPaying(node, payee)
  const ticket = await takeTrusting(init, node, payee, due, signal)
  try {
    const response = await attempt(ticket.payment)
    const { charge } = response.body
    if (charge === undefined) ticket.refused()
    else ticket.answered(charge)
    return response
  } catch (error) {
    if (isRemote(error)) ticket.refused()
    else ticket.silent()
    if (errorCode(error) === 'NODE_PAYMENT_REFUSED') dropClosed(init, payee, error)
    throw error
  }
}

/** A node that seems to have kept too much is asked what it says before it is given up. */
async function takeTrusting(
  init: PayingInit,
  node: string,
  payee: string,
  due: bigint,
  signal: AbortSignal,
): Promise<Ticket> {
  const { book } = init
  try {
    return await book.take(payee, due, signal)
  } catch (error) {
    const channel = book.get(payee)
    if (errorCode(error) !== 'CLIENT_PAYEE_DISTRUSTED' || channel === undefined) throw error
    const { spent } = await statementOf(init, node, channel.id, signal)
    book.reconcile(payee, { spent, accepted: channel.held })
    return book.take(payee, due, signal)
  }
}

/** What a node says of a channel to its payer, who shows by a signature that he is. */
async function statementOf(
  { client, account, currency }: PayingInit,
  node: string,
  channel: string,
  signal: AbortSignal,
): Promise<Statement> {
  const signature = await account.sign(
    payerMessage('statement', { chainId: currency.chainId, channel, node }),
  )
  const request = { body: { channel: bytesOf(channel), signature } }
  return (await client.host.rpc.call(node, PaymentService, 'Statement', request, { signal })).body
}

/** A node does not know any more, or not yet, that this peer pays the channel. */
async function showPayer(init: PayingInit, node: string, payee: string, signal: AbortSignal): Promise<void> {
  const channel = init.book.get(payee)
  if (channel === undefined) return
  const { spent, voucher } = await statementOf(init, node, channel.id, signal)
  if (voucher !== undefined) takeOver(init, payee, () => voucher)
  init.book.reconcile(payee, { spent, accepted: init.book.get(payee)?.held ?? 0n })
}

/** A purse that forgot what it signed, or counted an answer that the node did not give. */
function settleDifference(init: PayingInit, payee: string, quote: Quote): void {
  const { voucher } = quote
  if (voucher !== undefined) takeOver(init, payee, () => SignedVoucher.decode(voucher))
  init.book.reconcile(payee, quote)
}

function takeOver({ client, book }: PayingInit, payee: string, shown: () => SignedVoucher): void {
  try {
    book.recover(payee, shown())
  } catch (error) {
    client.logger.debug({ error, payee }, 'a node showed a voucher that cannot be read')
  }
}

/** A channel that the node says is closed is of no more use. */
function dropClosed({ book }: PayingInit, payee: string, error: unknown): void {
  if (reasonOf(error) === 'closed') book.drop(payee)
}

/** Whether a node wants to see first that this peer pays the channel. */
const isForPayer = (error: unknown): boolean =>
  errorCode(error) === 'NODE_PAYMENT_REFUSED' && reasonOf(error) === 'payer'

const reasonOf = (error: unknown): unknown => (error as NeurovoyanceError).details?.reason

/** Whether the node itself answered that it did not do it. */
function isRemote(error: unknown): boolean {
  const code = errorCode(error)
  if (!(error instanceof NeurovoyanceError) || code === undefined || code.startsWith('P2P_')) return false
  return 'peerId' in error.details
}

function connectedFirst({ market }: ClientContext, a: string, b: string): number {
  return Number(market.isConnected(b)) - Number(market.isConnected(a))
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)

function nobodyInReach(
  prices: readonly (Price | undefined)[],
  { currency, limits }: PayingInit,
  units: bigint | undefined,
): ClientError {
  const costs = prices.flatMap(price => {
    const terms = termsOf(price, currency)
    return terms === undefined ? [] : [costOf(terms, units, limits.unmetered)]
  })
  if (costs.length === 0) {
    return new ClientError(
      'CLIENT_PAYMENT_FAILED',
      `no node takes payment on the chain ${currency.chainId}`,
      {
        details: { chainId: currency.chainId },
      },
    )
  }
  const known = costs.flatMap(cost => (cost === undefined ? [] : [cost])).sort(compare)
  return (known[0] !== undefined && problemOf(known[0], limits)) || unmeterable()
}

/** Why a request is not made at this price; `undefined` where it is. */
function problemOf(due: bigint, { maxPrice, step }: PayLimits): ClientError | undefined {
  if (due > maxPrice) {
    return new ClientError(
      'CLIENT_TOO_DEAR',
      `it costs ${formatAmount(due)} NVY at least, and may cost ${formatAmount(maxPrice)} NVY: raise maxPrice`,
      { details: { due: String(due), maxPrice: String(maxPrice) } },
    )
  }
  if (due <= step) return undefined
  return new ClientError(
    'CLIENT_STEP_TOO_SMALL',
    `one run costs ${formatAmount(due)} NVY at least, and ${formatAmount(step)} NVY may be paid ahead of an answer: raise step, or send smaller inputs`,
    { details: { due: String(due), step: String(step) } },
  )
}

const unmeterable = (): ClientError =>
  new ClientError(
    'CLIENT_TOO_DEAR',
    'the work of this request cannot be computed here: allow an amount for such requests (unmetered)',
    { details: {} },
  )

function budgetSpent({ book }: PayingInit): ClientError {
  const { limit } = book.budget
  return new ClientError(
    'CLIENT_BUDGET_SPENT',
    `${formatAmount(leftOf(book.budget))} NVY of the budget of ${formatAmount(limit)} NVY are left: not enough for a channel: raise budget`,
    { details: { limit: String(limit), left: String(leftOf(book.budget)) } },
  )
}
