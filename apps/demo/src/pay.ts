import { readFile } from 'node:fs/promises'
import type { Client } from '@neurovoyance/client'
import {
  type ChainReader,
  openChainReader,
  readAccount,
  readParameters,
  readSupply,
} from '@neurovoyance/client/chain'
import { type ClientPayments, createPayments } from '@neurovoyance/client/pay'
import { bytesOf, genesisHash, idOf, parseGenesis } from '@neurovoyance/ledger'
import { type Hive, openUnattended } from '@neurovoyance/node/hive'
import { formatAddress, parseAddress, parseAmount } from '@neurovoyance/protocol'
import { median } from './median.js'
import { type TimedAccess, timedAccess } from './timed-access.js'

/** What the hive's nodes ask for a billion work units, in NVY. */
export const PRICE = '0.005'

/** How the chain was when everything was paid. Amounts are base units, as decimal text. */
export interface ChainOutcome {
  readonly chainId: string
  readonly height: number
  readonly validators: number
  /** Milliseconds from submitting a transaction to its settlement, as the client saw them: the median. */
  readonly finalityMs: number | null
  /** The same of each transaction that the client made, in order. */
  readonly settledMs: readonly number[]
  /** What becomes of each payment, in millionths; the node's owner earns the rest. */
  readonly shares: { readonly burnt: number; readonly stakers: number; readonly treasury: number }
  /** Of the header under which the client's balance was proven. */
  readonly stateRoot: string
  /** What happened to coins since the beginning. */
  readonly supply: {
    readonly total: string
    readonly minted: string
    readonly burnt: string
    readonly held: Readonly<Record<string, string>>
  }
  /** The client's account, as the light client proved it. */
  readonly client: { readonly address: string; readonly balance: string; readonly provenAt: number }
}

/** What one node was paid. */
export interface NodePayment {
  /** Peer id. */
  readonly node: string
  /** Base units, as decimal text. */
  readonly amount: string
  readonly vouchers: number
  /** The transaction that turned the vouchers into coins. */
  readonly settledTx: string | null
  /** What the node's owner has earned on the ledger, after what settlements burn and give to others. */
  readonly earned: string
}

/** A client that pays, on the hive's own chain. */
export interface Paying {
  readonly payments: ClientPayments
  /** Ends all channels and tells what came of it. */
  settle(client: Client): Promise<{ payments: readonly NodePayment[]; chain: ChainOutcome }>
}

/** The purse of the hive's client: its funded wallet, on the chain of the hive's genesis. */
export async function openPaying({ chain }: Hive, budget: string): Promise<Paying> {
  const { genesis: file, client } = chain!
  const genesis = parseGenesis(await readFile(file, 'utf8'))
  const wallet = (await openUnattended(client.wallet))!
  let reader: Promise<ChainReader> | undefined
  let timed: TimedAccess | undefined
  const payments = createPayments({
    async access(host, { signal }) {
      reader ??= openChainReader({ host, genesis, signal })
      timed = timedAccess(await reader)
      return timed.access
    },
    wallet,
    budget: parseAmount(budget),
    genesis: genesisHash(genesis),
  })
  return {
    payments,
    async settle(paid) {
      const ended = await payments.settle()
      reader ??= openChainReader({ host: paid.host, genesis })
      const from = await reader
      const made = await Promise.all(
        ended.map(async ({ node, payee, signed, vouchers, transaction }): Promise<NodePayment> => {
          const owner = await readAccount(from, formatAddress(bytesOf(payee)))
          return {
            node: node ?? payee,
            amount: String(signed),
            vouchers,
            settledTx: transaction === undefined ? null : idOf(transaction),
            earned: String(owner.balances.earned),
          }
        }),
      )
      const settledMs = timed?.settledMs.map(Math.round) ?? []
      const finalityMs = median(settledMs) ?? null
      return {
        payments: made,
        chain: { ...(await chainOutcome(from, client.address)), finalityMs, settledMs },
      }
    },
  }
}

/** The chain as the light client sees it: every figure is proven under headers that the validators signed. */
async function chainOutcome(
  chain: ChainReader,
  address: string,
): Promise<Omit<ChainOutcome, 'finalityMs' | 'settledMs'>> {
  const supply = await readSupply(chain)
  const { total } = await readAccount(chain, address)
  const { height, stateRoot } = await chain.prove([`accounts/${idOf(parseAddress(address))}`])
  const { validators } = await chain.header(height)
  const parameters = new Map((await readParameters(chain)).map(({ name, value }) => [name, Number(value)]))
  return {
    chainId: chain.chainId,
    height,
    validators: validators.validators.length,
    stateRoot: idOf(stateRoot),
    shares: {
      burnt: parameters.get('rewards/burnShare')!,
      stakers: parameters.get('rewards/stakersShare')!,
      treasury: parameters.get('rewards/treasuryShare')!,
    },
    supply: {
      total: String(supply.total),
      minted: String(supply.minted),
      burnt: String(supply.burnt),
      held: Object.fromEntries(Object.entries(supply.held).map(([kind, amount]) => [kind, String(amount)])),
    },
    client: { address, balance: String(total), provenAt: height },
  }
}
