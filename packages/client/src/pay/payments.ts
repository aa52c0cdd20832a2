import { bytesOf, type ChainAccess } from '@neurovoyance/ledger'
import type { Host } from '@neurovoyance/p2p'
import { errorCode, PaymentService } from '@neurovoyance/protocol'
import type { ClientContext } from '../context.js'
import { ClientError } from '../errors.js'
import type { PaidRequest, PaidWork, Payments } from '../paying-port.js'
import type { PaidChannel } from './core/purse.js'
import { freeRequest, isFreeEverywhere } from './free-request.js'
import { orAborted } from './or-aborted.js'
import { quoteRequest } from './pay-request.js'
import { payerMessage } from './payer-message.js'
import { openPurse, type Purse } from './purse.js'
import { memoryStore, type PurseStore } from './store.js'
import type { PayingAccount } from './teller.js'
import { createWorkMeter, type WorkMeter } from './work.js'

/** What payments are made from. Amounts are base units: 1 NVY is 10⁹. */
export interface PaymentsInit {
  /**
   * The chain: of one's own node, or from afar, opened over the client's host when it is needed first:
   * `(host, { signal }) => openChainReader({ host, genesis, signal })`. The signal aborts when the client closes.
   */
  access: ChainAccess | ((host: Host, options: { signal: AbortSignal }) => Promise<ChainAccess>)
  /** The account that pays, and the key that signs: a wallet. */
  wallet: PayingAccount
  /** The most that is paid and put aside in all, fees included. */
  budget: bigint
  /** The most for one request. Default: the budget. */
  maxPrice?: bigint
  /** The most for a request whose work cannot be computed here, by the node's word. Default: none is made. */
  unmetered?: bigint
  /**
   * The most that is paid to one node ahead of its answers; a request that costs more is refused. Default: a hundredth
   * of the budget, and what one request costs where that is more.
   */
  step?: bigint
  /** Nodes that are paid side by side: the budget is divided for so many. Default: 8. */
  channels?: number
  /** Keeps channels between two runs; `fileStore` does on Node. Default: they are closed with the client. */
  store?: PurseStore
  /** SHA-256 of the chain's genesis, to tell it from others of its name. */
  genesis?: Uint8Array
}

/** What was paid so far. */
export interface PaymentsReport {
  readonly budget: bigint
  /** In channels now. */
  readonly locked: bigint
  /** Fees of transactions. */
  readonly fees: bigint
  readonly channels: readonly PaidChannel[]
}

/** A channel that was ended. */
export interface EndedChannel extends PaidChannel {
  /** Peer id of the node that was paid, where it is there. */
  readonly node: string | undefined
  /** The transaction that settled it; `undefined` where the node did not answer, and the grace time runs. */
  readonly transaction: Uint8Array | undefined
}

/** Payments of one client. */
export interface ClientPayments extends Payments {
  report(): PaymentsReport
  /**
   * Ends all channels: nodes close theirs at once and the rest comes back; where one does not answer, the ledger is
   * asked, and the rest comes back after the grace time.
   */
  settle(options?: { signal?: AbortSignal }): Promise<readonly EndedChannel[]>
}

interface OpenPurse {
  readonly access: ChainAccess
  readonly purse: Purse
}

const DEFAULT_CHANNELS = 8
const STEPS_OF_BUDGET = 100n
/** What is known of channels is saved this long after it changed. */
const SAVE_MS = 1_000
/** A node has this long to settle and close a channel: a few blocks, on a machine that has other work. */
const CLOSE_MS = 30_000

/**
 * Has a client pay nodes for their work.
 *
 * ```ts
 * const access = (host, { signal }) => openChainReader({ host, genesis, signal })
 * const payments = createPayments({ access, wallet, budget: parseAmount('5') })
 * const client = await createClient({ bootstrap, payments })
 * ```
 *
 * @throws ClientError `CLIENT_INVALID_INIT`
 */
export function createPayments(init: PaymentsInit): ClientPayments {
  const { wallet: account, budget, store, channels = DEFAULT_CHANNELS } = init
  const { maxPrice = budget, unmetered = 0n, step = budget / STEPS_OF_BUDGET } = init
  const limits = { maxPrice, unmetered, step: init.step ?? maxPrice }
  if (budget <= 0n || maxPrice <= 0n || unmetered < 0n || step < 0n || channels < 1) {
    throw new ClientError('CLIENT_INVALID_INIT', 'createPayments: budget, maxPrice and channels are above 0')
  }
  let started: { client: ClientContext; meter: WorkMeter } | undefined
  let opening: Promise<OpenPurse> | undefined
  let open: OpenPurse | undefined
  let stopSaving: (() => void) | undefined
  /** Who was paid last on an account: its offer may be gone when its channel ends. */
  const paidAt = new Map<string, string>()

  function changed(): void {
    const client = started?.client
    if (store === undefined || client === undefined) return
    stopSaving ??= client.clock.after(SAVE_MS, () => {
      stopSaving = undefined
      open?.purse.save().catch(error => client.logger.warn({ error }, 'the purse could not be saved'))
    })
  }

  function running() {
    if (started !== undefined) return started
    throw new ClientError(
      'CLIENT_INVALID_INIT',
      'these payments belong to no client: give them to createClient',
    )
  }

  /** Opened with the first request, and again where that failed. */
  function opened(client: ClientContext): Promise<OpenPurse> {
    opening ??= openWith(client).catch(error => {
      opening = undefined
      throw error
    })
    return opening
  }

  async function openWith({ host, logger, closing: signal }: ClientContext): Promise<OpenPurse> {
    const access = typeof init.access === 'function' ? await init.access(host, { signal }) : init.access
    const saved = store ?? memoryStore()
    const purse = await openPurse({
      access,
      account,
      store: saved,
      budget,
      step,
      channels,
      logger,
      onChange: changed,
    })
    open = { access, purse }
    return open
  }

  async function paidRequest(work: PaidWork): Promise<PaidRequest> {
    const { client, meter } = running()
    const { access, purse } = await orAborted(opened(client), work.signal)
    const currency = { chainId: access.chainId, genesis: init.genesis }
    const onPaying = (node: string, payee: string) => paidAt.set(payee, node)
    const unitsOf = () => meter.unitsOf(work.resolved, work.inputs, work.signal)
    return quoteRequest({ client, account, book: purse.book, currency, limits, onPaying, unitsOf }, work)
  }

  async function settle({ signal }: { signal?: AbortSignal } = {}): Promise<readonly EndedChannel[]> {
    const { client } = running()
    if (open === undefined) return []
    const { purse, access } = open
    await purse.book.toppedUp()
    return Promise.all(
      purse.book.list().map(async channel => {
        const node = paidAt.get(channel.payee) ?? nodeOf(client, channel.payee)
        const transaction = await end(client, { purse, access }, channel, node, signal)
        purse.book.drop(channel.payee)
        return { ...channel, node, transaction }
      }),
    )
  }

  async function end(
    client: ClientContext,
    { access, purse }: OpenPurse,
    channel: PaidChannel,
    node: string | undefined,
    signal?: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    const id = bytesOf(channel.id)
    try {
      if (node === undefined)
        throw new ClientError('CLIENT_NO_NETWORK', 'the node that was paid is not there')
      const message = payerMessage('close', { chainId: access.chainId, channel: channel.id, node })
      const voucher = purse.book.finalVoucher(channel.payee)
      const body = { channel: id, signature: await account.sign(message), ...(voucher && { voucher }) }
      const options = { timeoutMs: CLOSE_MS, ...(signal && { signal }) }
      const answer = await client.host.rpc.call(node, PaymentService, 'Close', { body }, options)
      return answer.body.transaction
    } catch (error) {
      client.logger.debug({ code: errorCode(error), channel: channel.id }, 'a node did not close its channel')
      await purse.vault.requestClose(channel.id)
      purse.ending.add(channel.id)
      return undefined
    }
  }

  return {
    start(client) {
      if (started !== undefined) {
        throw new ClientError('CLIENT_INVALID_INIT', 'these payments belong to another client: create others')
      }
      started = { client, meter: createWorkMeter(client) }
    },

    async quote(work) {
      const { client } = running()
      const paid = () => paidRequest(work)
      return isFreeEverywhere(client, work) ? freeRequest(client, paid) : paid()
    },

    report: () => ({
      budget,
      locked: open?.purse.book.budget.locked ?? 0n,
      fees: open?.purse.book.budget.fees ?? 0n,
      channels: open?.purse.book.list() ?? [],
    }),

    settle,

    async close() {
      stopSaving?.()
      if (open === undefined) return
      if (store !== undefined) await open.purse.save(true)
      else await settle().catch(error => started?.client.logger.warn({ error }, 'a channel was left open'))
    },
  }
}

/** A peer whose offer is to be paid on this account: a channel of an earlier run may be with it. */
function nodeOf({ market }: ClientContext, payee: string): string | undefined {
  const wanted = bytesOf(payee)
  for (const { offer } of market.entries()) {
    const paid = offer.price?.nvy?.payee
    if (paid?.every((byte, index) => byte === wanted[index])) return offer.peerId
  }
  return undefined
}
