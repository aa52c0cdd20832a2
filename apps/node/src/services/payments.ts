import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createTeller, readChannelRules } from '@neurovoyance/client/pay'
import { idOf } from '@neurovoyance/ledger'
import type { Host } from '@neurovoyance/p2p'
import {
  dueFor,
  type NamedFrame,
  type NvyPrice,
  type Payment,
  PaymentService,
  type Price,
  parseAddress,
  parseAmount,
} from '@neurovoyance/protocol'
import type { Home } from '../config/home.js'
import type { Config } from '../config/schema.js'
import type { ModelGraph } from '../models/model-store.js'
import { openTillJournal } from '../payments/journal.js'
import { createNodeMeters } from '../payments/meters.js'
import { type ChargedWork, NodeTill } from '../payments/node-till.js'
import { type PaidOn, paidOnOwnChain } from '../payments/paid-on.js'
import { createPayerHandlers } from '../payments/payer-handlers.js'
import { createRedeemer } from '../payments/redeemer.js'
import { cannotKeep, paymentRequired, refusalOf } from '../payments/refusals.js'
import type { Service, ServiceFactory } from '../service.js'
import type { KeptChain } from './chain.js'

/** What a node asks for its work. */
export interface PaymentsInit {
  home: Pick<Home, 'path' | 'wallets'>
  config: Config['payments']
  /** Where it is paid. Default: the chain that the node keeps, with the wallet that the settings name. */
  on?: PaidOn
  /** Times its fee that a voucher is worth before it is redeemed. Default: 50. */
  redeemWorth?: bigint
}

/** What a node was paid. */
export interface Earnings {
  /** Charged since the start, in base units. */
  readonly earned: bigint
  readonly vouchers: number
  /** Requests that were not paid as they should. */
  readonly refused: number
  readonly channels: number
  /** Base units that vouchers are worth and that are not redeemed. */
  readonly unredeemed: bigint
}

/** Has this node paid for its runs. */
export interface PaymentsService extends Service {
  /** What offers say. */
  readonly price: Price
  /**
   * Charges a run before it is made; `undefined` where it is free.
   *
   * @throws NodeError `NODE_PAYMENT_REQUIRED` with what it costs, `NODE_PAYMENT_REFUSED`; OnnxError `ONNX_INPUT_…`
   */
  admit(run: {
    readonly peerId: string
    readonly graph: Pick<ModelGraph, 'key' | 'path'>
    readonly inputs: readonly NamedFrame[]
    readonly payment: Payment | undefined
  }): Promise<ChargedWork | undefined>
  earnings(): Earnings
  /** What its owner should look at, in words. */
  problems(): readonly string[]
  /** Redeems what is worth its fee. */
  redeem(): Promise<void>
}

interface Needs {
  network: Host
  chain?: Pick<KeptChain, 'chain'>
}

const REDEEM_WORTH = 50n
const NOTHING: Earnings = Object.freeze({ earned: 0n, vouchers: 0, refused: 0, channels: 0, unredeemed: 0n })

/** Of a node that works for nothing. */
const FREE: PaymentsService = Object.freeze({
  price: Object.freeze({ scheme: 'free' }),
  admit: async () => undefined,
  earnings: () => NOTHING,
  problems: () => [],
  redeem: async () => undefined,
})

/**
 * Has clients pay for runs by channels of a ledger; a node that names no price, or keeps no chain, works for nothing.
 *
 * @throws NodeError `NODE_NO_CHAIN` where there is a price and nothing to be paid on
 */
export function payments(init: PaymentsInit): ServiceFactory<Needs, PaymentsService> {
  return async ({ network, chain }, { clock, logger }) => {
    const { home, config } = init
    if (config.price === null) return FREE
    const on = init.on ?? (await paidOnOwnChain(chain?.chain, join(home.wallets, `${config.wallet}.json`)))
    const { access, account } = on
    const { nativeVerifier } = await import('@neurovoyance/ledger/node')
    // Not ZIP-215 as a whole: a block has room for few signatures that only its slow rule accepts, and who pays makes
    // none. A voucher that is taken here can be redeemed together with any others.
    const verify = nativeVerifier()
    const payee = parseAddress(account.address)
    const terms: NvyPrice = {
      perBillion: parseAmount(config.price),
      minimum: parseAmount(config.minimum),
      chainId: access.chainId,
      payee,
      genesis: on.genesis ?? new Uint8Array(),
    }
    const rules = await readChannelRules(access)
    const folder = join(home.path, 'payments')
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const { journal, records, damaged } = await openTillJournal(join(folder, 'till.log'), logger)
    const till = new NodeTill({ access, payee: idOf(payee), rules, verify, journal, records, clock })
    await till.channels.restore()
    const redeemer = createRedeemer({
      till,
      access,
      teller: createTeller(access, account),
      leastStep: rules.leastStep,
      clock,
      logger,
      everyMs: config.redeemSeconds * 1_000,
      worth: init.redeemWorth ?? REDEEM_WORTH,
    })
    const meters = createNodeMeters()
    const stop = network.rpc.serve(
      PaymentService,
      createPayerHandlers({ till, redeemer, chainId: access.chainId, node: network.peerId, verify }),
    )
    return {
      price: { scheme: 'nvy', nvy: terms },
      async admit({ peerId, graph, inputs, payment }) {
        if (peerId === network.peerId) return undefined
        const units = await meters.unitsOf(graph, inputs)
        const quote = { units, due: dueFor(terms, units) }
        if (payment === undefined) throw paymentRequired(terms, quote)
        if (journal.failure() !== undefined) throw cannotKeep()
        const { held, charged, problem } = await till.charge(payment, quote, peerId)
        if (charged !== undefined) return charged
        const { channel, voucher } = held
        const statement = { spent: channel.spent, accepted: channel.accepted, ...(voucher && { voucher }) }
        throw (problem && refusalOf(problem)) ?? paymentRequired(terms, quote, statement)
      },
      earnings() {
        const channels = till.channels.list()
        const unredeemed = channels.reduce(
          (sum, { channel: { accepted, settled } }) => sum + accepted - settled,
          0n,
        )
        return { ...till.totals(), channels: channels.length, unredeemed }
      },
      problems() {
        const failure = journal.failure()
        return [
          ...(failure ? [`what was charged cannot be written: ${failure.message}`] : []),
          ...(damaged
            ? [`${join(folder, 'till.log')} was damaged; as it was found, it is in ${damaged}`]
            : []),
        ]
      },
      redeem: () => redeemer.redeem(true),
      async close() {
        stop()
        await redeemer.close()
        till.close()
        await journal.close()
      },
    }
  }
}
