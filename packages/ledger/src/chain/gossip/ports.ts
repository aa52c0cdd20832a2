import type { Driver } from '../../consensus/driver.js'

/** Consensus at work, as gossip needs it. */
export type GossipDriver = Pick<Driver, 'state' | 'wants' | 'feed' | 'summary' | 'answer'>

/** Transactions that wait, as gossip needs them. */
export interface GossipPool {
  /** Whether a transaction of this id waits. */
  has(id: Uint8Array): boolean
  /**
   * Takes in a transaction that came from another node. Its signatures are checked by the platform's verifier alone.
   *
   * @returns its id, and whether it was not here before
   * @throws LedgerError `LEDGER_BAD_SIGNATURE` with `details.key` for one that nobody honest passes on; ProtocolError and
   *   `LEDGER_BAD_TRANSACTION` for one that cannot be read; other errors for one that may not happen now
   */
  admit(bytes: Uint8Array): Admitted | Promise<Admitted>
  /** All that wait, encoded; for a node that connects. */
  waiting(): Iterable<{ readonly id: Uint8Array; readonly bytes: Uint8Array }>
}

/** A transaction that is in the pool. */
export interface Admitted {
  readonly id: Uint8Array
  readonly isNew: boolean
}

/** How far a node is. */
export interface NodeHead {
  /** The newest block that was applied. */
  readonly height: number
  /** The oldest that is kept; 0 where there is none. */
  readonly first: number
}

/** What gossip knows of other nodes of the chain. */
export interface ChainPeers {
  /** How far those are that said it, by PeerId. */
  heads(): ReadonlyMap<string, NodeHead>
  /** Tells of every word of a peer about its head, and of a peer that came or went. Returns what stops that. */
  onHead(listener: (peerId: string) => void): () => void
  /** A peer said what cannot be: nothing is said to it or heard from it for a while. */
  penalise(peerId: string, reason: string): void
}
