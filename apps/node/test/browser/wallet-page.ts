/** What the wallet's tests call in the tab; bundled for browsers from the packages as they are published. */
import { createClient } from '@neurovoyance/client'
import { createWalletClient, openChainReader, readAccount, storageTrust } from '@neurovoyance/client/chain'
import { walletFromKey } from '@neurovoyance/client/wallet'
import type { GenesisDocument } from '@neurovoyance/ledger'
import { parseAmount } from '@neurovoyance/protocol'

/** What crosses into the tab. */
export interface Errand {
  readonly bootstrap: readonly string[]
  readonly genesis: GenesisDocument
  /** The wallet's key, 32 numbers. */
  readonly key: readonly number[]
  readonly to: string
  /** In NVY. */
  readonly amount: string
}

/** What comes back: amounts in base units as text. */
export interface Paid {
  readonly before: string
  readonly after: string
  readonly fee: string
  readonly received: string
  /** Height of the block that has the payment, and of the header that was checked last. */
  readonly height: number
  readonly checked: number
}

const tab = {
  async pay({ bootstrap, genesis, key, to, amount }: Errand): Promise<Paid> {
    await using client = await createClient({ bootstrap })
    await using chain = await openChainReader({
      host: client.host,
      genesis,
      trust: storageTrust(localStorage),
    })
    const account = createWalletClient({ access: chain, wallet: walletFromKey(Uint8Array.from(key)) })
    const before = await account.balance()
    const payment = await account.transfer(to, parseAmount(amount))
    const { fee, height } = await payment.settled()
    const after = await account.balance()
    const received = await readAccount(chain, to)
    return {
      before: String(before.balances.liquid),
      after: String(after.balances.liquid),
      fee: String(fee),
      received: String(received.total),
      height,
      checked: chain.trusted.height,
    }
  },

  /** What the tab keeps for the next time. */
  kept: (): { height: number; chainId: string } =>
    JSON.parse(localStorage.getItem('neurovoyance.chain') ?? 'null') as { height: number; chainId: string },
}

export type WalletTab = typeof tab

Object.assign(globalThis, { tab })
