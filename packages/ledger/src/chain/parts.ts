/** What the parts of a chain's node know of each other: each gets only what it needs. */
import type { Clock, Logger, Random } from '@neurovoyance/protocol'
import type { Message } from '../consensus/core/index.js'
import type { Driver } from '../consensus/driver.js'
import type { Verify } from '../core/crypto/zip215.js'
import type { ChainNetwork } from './network.js'

/** What a stream of gossip, or a request, names the chain by. */
export interface ChainIdentity {
  readonly chainId: string
  readonly genesisHash: Uint8Array
}

/** Transactions that wait, for whoever spreads them. */
export interface WaitingTransactionsPort {
  /** Whether one waits; its id, not its bytes. */
  has(id: Uint8Array): boolean
  /**
   * Takes what another node sent. Whatever is wrong with a transaction, it is dropped, and `refused` counts it where
   * no honest node would have sent it.
   */
  take(transactions: readonly Uint8Array[]): Promise<{ taken: number; refused: number }>
  /** All that wait, encoded: for a node that is new. */
  all(): Iterable<Uint8Array>
  /** Tells of those that came in, from whomever. Returns what stops that. */
  onAdded(listener: (transactions: readonly Uint8Array[]) => void): () => void
}

/** Decided blocks, for whoever gives them to others. */
export interface DecidedBlocksPort {
  /** The newest block that was applied; 0 before the first. */
  readonly height: number
  /** The oldest block that is kept; 0 where there is none. */
  readonly first: number
  /** The block as it travelled, and its `Commit`, encoded; `undefined` where it is not kept. */
  read(height: number): { block: Uint8Array; commit: Uint8Array } | undefined
  /** Tells that a block was applied. Returns what stops that. */
  onApplied(listener: (height: number) => void): () => void
}

/** Consensus, for whoever carries its messages. */
export type ConsensusPort = Pick<Driver, 'state' | 'wants' | 'feed' | 'summary' | 'answer'>

/** What every part that speaks to other nodes is made from. */
export interface PartInit extends ChainIdentity {
  readonly network: ChainNetwork
  readonly consensus: ConsensusPort
  readonly blocks: DecidedBlocksPort
  /** ZIP-215, by the platform's verifier first. */
  readonly verify: Verify
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

/** What `startGossip` is made from. Messages of consensus that `broadcast` gave before it are the first to go. */
export interface GossipInit extends PartInit {
  readonly pool: WaitingTransactionsPort
  /** Another node is this far: block sync decides what to do about it. */
  onHead(peerId: string, head: { height: number; first: number }): void
}

/** Gossip at work. */
export interface Gossip {
  /** Tells every node that listens. */
  broadcast(message: Message): void
  close(): Promise<void>
}

/** What `startBlockSync` is made from: it feeds `synced` to consensus, block after block. */
export type BlockSyncInit = PartInit

/** Block sync at work. */
export interface BlockSync {
  /** Another node is this far. */
  onHead(peerId: string, head: { height: number; first: number }): void
  /** Whether others have blocks that are not here, as far as is known. */
  readonly catchingUp: boolean
  close(): Promise<void>
}
