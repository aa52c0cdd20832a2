import { join } from 'node:path'
import type { Host } from '@neurovoyance/p2p'
import { errorCode } from '@neurovoyance/protocol'
import type { Home } from '../config/home.js'
import type { Config } from '../config/schema.js'
import type { Service, ServiceFactory } from '../service.js'
import { openUnattended } from '../wallet/keystore-file.js'
import type { KeptChain } from './chain.js'

/** Whose node this is. */
export interface OwnershipInit {
  home: Pick<Home, 'wallets'>
  config: Pick<Config, 'chain' | 'payments'>
}

interface Needs {
  network: Pick<Host, 'signer'>
  chain?: Pick<KeptChain, 'chain'>
}

/**
 * Has a node that keeps a chain and a wallet of its own belong to that wallet on the ledger: its network key is hot, its
 * owner's account is another. It costs a fee, once. Off by `chain.bind`.
 */
export function ownership({ home, config }: OwnershipInit): ServiceFactory<Needs, Service> {
  return async ({ network, chain }, { logger }) => {
    if (chain?.chain === undefined || !config.chain.bind) return {}
    const path = join(home.wallets, `${config.payments.wallet}.json`)
    const wallet = await openUnattended(path).catch(error => {
      if (errorCode(error) !== 'NODE_PASSPHRASE') throw error
      logger.info({ error }, 'this node is not bound to its wallet: it cannot open it by itself')
      return undefined
    })
    if (wallet === undefined) return {}
    const { bindNode } = await import('../chain/bind-node.js')
    const ending = new AbortController()
    const { signal } = ending
    const binding = bindNode({ chain: chain.chain, wallet, signer: network.signer, logger, signal }).catch(
      error => {
        if (!signal.aborted) logger.warn({ error }, 'this node was not bound to its wallet')
      },
    )
    return {
      async close() {
        ending.abort()
        await binding
      },
    }
  }
}
