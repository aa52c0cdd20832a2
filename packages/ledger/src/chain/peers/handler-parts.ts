import type { ChainSnapshot, Clock, HistoryEntry } from '@neurovoyance/protocol'
import type { Chain, ProvenValues } from '../chain.js'
import type { Gossip } from '../gossip/gossip.js'

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
    | 'proveTransaction'
    | 'settled'
    | 'lightBlock'
  > & {
    /** Values with proofs under a header that is there, or the next one. */
    proven(keys: readonly string[]): ProvenValues
    /** Resolves when the chain is at a height. */
    reached(height: number, options: { signal: AbortSignal }): Promise<void>
    /** Where an account's transactions are, newest first. */
    entries(
      account: string,
      limit: number,
      before?: { height: number; index: number },
    ): Promise<readonly HistoryEntry[]>
  }
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
  readonly clock: Clock
}
