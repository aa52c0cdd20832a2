import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { createClient } from '@neurovoyance/client'
import { openChainReader } from '@neurovoyance/client/chain'
import { createPayments } from '@neurovoyance/client/pay'
import { fileStore } from '@neurovoyance/client/pay/node'
import { genesisHash } from '@neurovoyance/ledger'
import { errorCode } from '@neurovoyance/protocol'
import { readGenesis } from '../../chain/read-genesis.js'
import type { Home } from '../../config/home.js'
import { lockHome, type Unlock } from '../../config/lock.js'
import { NodeError } from '../../errors.js'
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
  const hash = genesisHash(genesis)
  const wallet = await openWallet(file, { passphraseFile: options.passphraseFile, signal })
  const folder = join(home.path, 'payments', purseName(wallet.address, hash))
  const unlock = await lockPurse(folder, wallet.address)
  try {
    const payments = createPayments({
      access(host, { signal: closing }) {
        return openChainReader({ host, genesis, home: folder, signal: AbortSignal.any([signal, closing]) })
      },
      wallet,
      budget,
      ...(maxPrice !== undefined && { maxPrice }),
      store: fileStore(join(folder, 'purse.json')),
      genesis: hash,
    })
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
          await unlock()
        }
      },
    }
  } catch (error) {
    await unlock()
    throw error
  }
}

/** A purse is of one account on one chain. */
function purseName(address: string, genesis: Uint8Array): string {
  const digest = createHash('sha256').update(genesis).update(address).digest('hex')
  return `client-${digest.slice(0, 16)}`
}

/** Two that sign vouchers of the same channels would undo each other's. */
async function lockPurse(folder: string, address: string): Promise<Unlock> {
  try {
    return await lockHome(join(folder, 'purse.lock'))
  } catch (error) {
    if (errorCode(error) !== 'NODE_HOME_IN_USE') throw error
    const { pid } = (error as NodeError).details as { pid?: number }
    throw new NodeError(
      'NODE_HOME_IN_USE',
      `Another command (process ${pid}) pays from the wallet ${address}: wait for it, or pay from another with --wallet.`,
      { details: { pid, wallet: address }, cause: error },
    )
  }
}
