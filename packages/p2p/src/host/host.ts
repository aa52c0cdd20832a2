import type { Libp2p } from '@libp2p/interface'
import type { Signer, Verifier } from '@neurovoyance/protocol'
import type { Gossip } from '../gossip/gossip.js'
import type { Rpc } from '../rpc/index.js'
import type { TransportName } from '../transport-name.js'

/** One connected peer. */
export interface PeerSummary {
  peerId: string
  /** The remote address of every open connection to the peer, best first. */
  addresses: string[]
  /** Last measured round trip in milliseconds; absent until the first ping has returned. */
  rttMs?: number
  /** The transport of the best connection. */
  transport: TransportName
  /** Whether every connection to the peer goes through a relay. */
  relayed: boolean
}

/** A peer came (`connect`: its first connection opened) or went (`disconnect`: its last one closed). */
export interface PeerEvent {
  type: 'connect' | 'disconnect'
  peerId: string
}

/** A member of the network: what every other part of Neurovoyance talks through. */
export interface Host {
  /** This host's id, derived from its identity key. */
  readonly peerId: string
  /** The libp2p node underneath, for what this interface does not cover. */
  readonly libp2p: Libp2p
  /** Typed calls to peers. */
  readonly rpc: Rpc
  /** Signed messages to everyone on a topic. */
  readonly gossip: Gossip
  /** Signs with the identity key, natively. */
  readonly signer: Signer
  /** Verifies with the platform's own Ed25519. */
  readonly verifier: Verifier
  /** The addresses others can dial, each ending in `/p2p/<peerId>`. */
  addresses(): string[]
  /** The peers connected now. */
  peers(): PeerSummary[]
  /**
   * Connects to a peer, directly where that is possible.
   *
   * @param target - a peer id (its addresses are looked up) or a multiaddr
   * @returns the peer's id
   * @throws P2pError `P2P_PEER_UNREACHABLE`
   */
  connect(target: string, options?: { signal?: AbortSignal }): Promise<string>
  /** Closes every connection to a peer. */
  disconnect(peerId: string): Promise<void>
  /** Last measured round trip to a connected peer in milliseconds. */
  rttMs(peerId: string): number | undefined
  /** Calls `listener` whenever a peer comes or goes; returns a function that stops that. */
  onPeer(listener: (event: PeerEvent) => void): () => void
  /** Leaves the network and frees every handle. */
  close(): Promise<void>
}
