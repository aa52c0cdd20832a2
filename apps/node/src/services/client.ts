import { join, resolve } from 'node:path'
import { type Client, createClient } from '@neurovoyance/client'
import type { Host } from '@neurovoyance/p2p'
import { parseAmount } from '@neurovoyance/protocol'
import { readGenesis } from '../chain/read-genesis.js'
import type { Home } from '../config/home.js'
import type { Config } from '../config/schema.js'
import { NodeError } from '../errors.js'
import type { HomePurse } from '../payments/home-purse.js'
import type { ServiceFactory } from '../service.js'
import { openEarningWallet } from '../wallet/keystore-file.js'

/** What a node's own requests are paid with, where its settings have a budget for them. */
export interface ClientServiceInit {
  home: Pick<Home, 'path' | 'wallets'>
  config: Pick<Config, 'chain' | 'payments'>
}

/**
 * The node's own client: the market as it hears it, and requests of its gateway sent to whoever is best, itself included.
 * Without settings, or a budget in them, it asks free nodes only.
 *
 * @throws NodeError `NODE_NO_CHAIN` where there is a budget and no genesis; `NODE_HOME_IN_USE`
 */
export function client(init?: ClientServiceInit): ServiceFactory<{ network: Host }, Client> {
  return async ({ network }, { logger, clock }) => {
    const purse = init && (await purseOf(init))
    if (purse === undefined) return createClient({ host: network, logger, clock })
    try {
      const paying = await createClient({ host: network, logger, clock, payments: purse.payments })
      return { ...paying, close: () => paying.close().finally(purse.release) }
    } catch (error) {
      await purse.release()
      throw error
    }
  }
}

async function purseOf({ home, config }: ClientServiceInit): Promise<HomePurse | undefined> {
  const { budget, maxPrice, wallet } = config.payments
  if (budget === null) return undefined
  if (config.chain.genesis === null) {
    throw new NodeError(
      'NODE_NO_CHAIN',
      'payments.budget is set, and this node knows no chain to pay on: set chain.genesis, or payments.budget to null.',
      { details: {} },
    )
  }
  const { openHomePurse } = await import('../payments/home-purse.js')
  return openHomePurse(home, {
    account: await openEarningWallet(join(home.wallets, `${wallet}.json`)),
    genesis: await readGenesis(resolve(home.path, config.chain.genesis)),
    budget: parseAmount(budget),
    maxPrice: maxPrice === null ? undefined : parseAmount(maxPrice),
  })
}
