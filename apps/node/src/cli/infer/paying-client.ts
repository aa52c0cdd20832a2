import { createClient } from '@neurovoyance/client'
import { readGenesis } from '../../chain/read-genesis.js'
import type { Home } from '../../config/home.js'
import { openHomePurse } from '../../payments/home-purse.js'
import { requireGenesis } from '../chain/find-chain.js'
import { findWallet, openWallet } from '../wallet/wallet-file.js'
import type { Joining, Runner } from './runner.js'

/** How a command pays for its run. */
export interface PayingOptions {
  /** The most that this wallet pays nodes and puts aside for them, over all runs, in base units. */
  budget: bigint
  maxPrice?: bigint
  wallet: string
  passphraseFile?: string
  genesis?: string
  /** Close the channels afterwards. */
  settle?: boolean
}

/**
 * Joins the network for one command, as a client that pays from a wallet of this home. Its channels stay open for the
 * next one, in `payments/`.
 *
 * @throws NodeError `NODE_WALLET`, `NODE_PASSPHRASE`, `NODE_GENESIS`; `NODE_HOME_IN_USE` where another command pays
 * from the wallet
 */
export async function payingClient(
  home: Home,
  joining: Joining,
  { budget, maxPrice, settle = false, ...options }: PayingOptions,
): Promise<Runner> {
  const { signal } = joining
  const file = await findWallet(home, options.wallet)
  const genesis = await readGenesis(await requireGenesis(home, options.genesis))
  const account = await openWallet(file, { passphraseFile: options.passphraseFile, signal })
  const { payments, release } = await openHomePurse(home, { account, genesis, budget, maxPrice, signal })
  try {
    const client = await createClient({ ...joining, payments })
    return {
      describe: model => client.models.describe(model, { signal }),
      async infer(model, inputs, { outputs, deadlineMs }) {
        const result = await client.infer({
          model,
          inputs,
          deadlineMs,
          signal,
          ...(outputs && { outputs: [...outputs] }),
        })
        const { charge } = result
        const closed = settle ? await payments.settle({ signal }) : undefined
        const { locked, fees } = payments.report()
        return {
          ...result,
          paid: {
            amount: charge?.amount ?? 0n,
            units: charge?.units ?? 0n,
            locked,
            fees,
            budget,
            ...(closed && { closed: closed.length, late: closed.filter(one => !one.transaction).length }),
          },
        }
      },
      async [Symbol.asyncDispose]() {
        try {
          await client.close()
        } finally {
          await release()
        }
      },
    }
  } catch (error) {
    await release()
    throw error
  }
}
