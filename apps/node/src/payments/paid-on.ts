import type { PayingAccount } from '@neurovoyance/client/pay'
import type { ChainAccess } from '@neurovoyance/ledger'
import type { Chain } from '@neurovoyance/ledger/node'
import { NodeError } from '../errors.js'
import { openEarningWallet } from '../wallet/keystore-file.js'

/** The ledger that a node is paid on, and the account that it is paid to. */
export interface PaidOn {
  readonly access: ChainAccess
  /** Earns, and pays the fees of redeeming. */
  readonly account: PayingAccount
  /** SHA-256 of the genesis. */
  readonly genesis?: Uint8Array
}

/**
 * The node's own chain, and the wallet that earns there; a new one where there is none.
 *
 * @param wallet path of the wallet's keystore
 * @throws NodeError `NODE_NO_CHAIN` where the node keeps none; as {@link openEarningWallet}
 */
export async function paidOnOwnChain(chain: Chain | undefined, wallet: string): Promise<PaidOn> {
  if (chain === undefined) {
    throw new NodeError(
      'NODE_NO_CHAIN',
      'payments.price is set, and this node keeps no chain: set chain.genesis, or payments.price to null to work for nothing.',
      { details: {} },
    )
  }
  const account = await openEarningWallet(wallet)
  const { localAccess } = await import('@neurovoyance/ledger/node')
  return { access: localAccess(chain), account, genesis: chain.genesisHash }
}
