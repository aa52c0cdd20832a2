import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { openChainReader } from '@neurovoyance/client/chain'
import { type ClientPayments, createPayments, type PayingAccount } from '@neurovoyance/client/pay'
import { fileStore } from '@neurovoyance/client/pay/node'
import { type GenesisDocument, genesisHash } from '@neurovoyance/ledger'
import { errorCode } from '@neurovoyance/protocol'
import type { Home } from '../config/home.js'
import { lockHome, type Unlock } from '../config/lock.js'
import { NodeError } from '../errors.js'

/** What a home pays other nodes with. */
export interface HomePurseInit {
  account: PayingAccount
  genesis: GenesisDocument
  /** The most that the account pays and puts aside, over all runs, in base units. */
  budget: bigint
  maxPrice?: bigint | undefined
  /** Ends the wait for the chain, too. */
  signal?: AbortSignal
}

/** The channels of one account of a home, which nobody else uses meanwhile. */
export interface HomePurse {
  readonly payments: ClientPayments
  release(): Promise<void>
}

/**
 * Opens the purse of an account, in `payments/` of the home: its channels stay open for who opens it next.
 *
 * @throws NodeError `NODE_HOME_IN_USE` where another process pays from the account
 */
export async function openHomePurse(home: Pick<Home, 'path'>, init: HomePurseInit): Promise<HomePurse> {
  const { account, genesis, budget, maxPrice, signal } = init
  const hash = genesisHash(genesis)
  const folder = join(home.path, 'payments', purseName(account.address, hash))
  const release = await lockPurse(folder, account.address)
  const payments = createPayments({
    access(host, { signal: closing }) {
      const ended = signal === undefined ? closing : AbortSignal.any([signal, closing])
      return openChainReader({ host, genesis, home: folder, signal: ended })
    },
    wallet: account,
    budget,
    ...(maxPrice !== undefined && { maxPrice }),
    store: fileStore(join(folder, 'purse.json')),
    genesis: hash,
  })
  return { payments, release }
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
      `Another program (process ${pid}) pays from the wallet ${address}: wait for it, or pay from another with --wallet.`,
      { details: { pid, wallet: address }, cause: error },
    )
  }
}
