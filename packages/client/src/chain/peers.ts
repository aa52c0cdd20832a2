import type { ChainCall } from '@neurovoyance/ledger'
import type { Host } from '@neurovoyance/p2p'
import { ChainService, type Verifier } from '@neurovoyance/protocol'

/** Whom a reader can ask, and how. */
export interface ChainPeers {
  /** Peers that are connected now, whether they know the chain or not. */
  peers(): readonly string[]
  readonly call: ChainCall
  /** The platform's Ed25519; what it does not accept is checked again in plain JavaScript. */
  readonly verifier?: Verifier
}

/** The peers of a host. */
export function peersOf(host: Pick<Host, 'peers' | 'rpc' | 'verifier'>): ChainPeers {
  const call = (peerId: string, method: never, message: never, options: object = {}) =>
    host.rpc.call(peerId, ChainService, method, message, options)
  return {
    peers: () => host.peers().map(({ peerId }) => peerId),
    // one signature for all methods: the port's says which message belongs to which
    call: call as unknown as ChainCall,
    verifier: host.verifier,
  }
}
