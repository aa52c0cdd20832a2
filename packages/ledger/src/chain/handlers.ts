import type { ChainSnapshot } from '@neurovoyance/protocol'
import type { Chain } from './chain.js'
import type { Gossip } from './gossip/gossip.js'
import type { ChainHandlers } from './network.js'

/** What handlers answer from. */
export interface HandlerParts {
  readonly chain: Pick<
    Chain,
    | 'chainId'
    | 'genesisHash'
    | 'head'
    | 'catchingUp'
    | 'submit'
    | 'transaction'
    | 'settled'
    | 'prove'
    | 'history'
    | 'lightBlock'
  >
  /** What a unit of weight costs in the next block. */
  baseFee(): bigint
  /** Stored blocks: `BlockStore` fits. */
  readonly blocks: {
    readonly first: number | undefined
    readonly last: number | undefined
    block(height: number): { readonly block: Uint8Array; readonly commit: Uint8Array } | undefined
  }
  readonly gossip: Pick<Gossip, 'receive'>
  /** Snapshots that this node has, newest first; none when left out. */
  snapshots?(): readonly ChainSnapshot[] | Promise<readonly ChainSnapshot[]>
}

/** Answers what other nodes and light clients ask. */
export type CreateHandlers = (parts: HandlerParts) => ChainHandlers
