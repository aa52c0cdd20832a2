import type { Clock, Logger, Random } from '@neurovoyance/protocol'
import type { Message } from '../../consensus/core/message.js'
import type { Verify } from '../../core/crypto/zip215.js'
import type { ChainHandlers, ChainNetwork } from '../network.js'
import type { ChainPeers, GossipDriver, GossipPool, NodeHead } from './ports.js'
import type { GossipSettings } from './settings.js'

/** What gossip is made from. */
export interface GossipInit {
  chainId: string
  /** SHA-256 of the genesis: peers with another one are let alone. */
  genesisHash: Uint8Array
  network: ChainNetwork
  /** Consensus; nothing while the node catches up. */
  driver(): GossipDriver | undefined
  pool: GossipPool
  head(): NodeHead
  /** Tells after each block that was applied. Returns what stops that. */
  onApplied(listener: () => void): () => void
  /** ZIP-215, by the platform's verifier where that accepts. */
  verify: Verify
  clock: Clock
  random: Random
  /** Silent when left out. */
  logger?: Logger
  settings?: Partial<GossipSettings>
}

/** A node's share of the talk about a chain. */
export interface Gossip {
  /** Tells every peer: what `startDriver` is given. */
  broadcast(message: Message): void
  /** Tells every peer of a transaction that was submitted here. */
  announce(id: Uint8Array, bytes: Uint8Array): void
  /** Hears a peer: the handler of `ChainService.Gossip`. */
  readonly receive: ChainHandlers['Gossip']
  /** What is known of others. */
  readonly peers: ChainPeers
  /** Ends every stream and timer. */
  stop(): Promise<void>
}

/** Begins to speak with every peer that has the chain. */
export type StartGossip = (init: GossipInit) => Gossip
