import type { Clock, Logger } from '@neurovoyance/protocol'
import type { Verify } from '../../core/crypto/zip215.js'
import type { ChainPeers } from '../gossip/ports.js'
import type { ChainNetwork } from '../network.js'
import type { SyncChain } from './ports.js'
import type { SyncSettings } from './settings.js'

/** What block sync is made from. */
export interface BlockSyncInit {
  chainId: string
  network: Pick<ChainNetwork, 'call'>
  /** `Gossip.peers`. */
  peers: ChainPeers
  chain: SyncChain
  /** ZIP-215, by the platform's verifier where that accepts. */
  verify: Verify
  /**
   * A height whose header a light client has verified: up to it the signatures of transactions are not checked, since
   * the commits were made by validators who did. Default 0.
   */
  trustedTo?(): number
  /** A decided block cannot be applied here: a disk failed, or the application is another than the validators'. */
  onFailure(error: unknown): void
  clock: Clock
  /** Silent when left out. */
  logger?: Logger
  settings?: Partial<SyncSettings>
}

/** Fetches what others have decided. */
export interface BlockSync {
  /** Whether the node is far behind others: consensus stands still. */
  readonly catchingUp: boolean
  /** Ends requests and timers; resolves when nothing is being applied. */
  stop(): Promise<void>
}

/** Begins to follow whoever is ahead. */
export type StartBlockSync = (init: BlockSyncInit) => BlockSync
