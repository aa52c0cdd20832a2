import type { ChainNetwork } from '@neurovoyance/ledger'
import type { Host } from '@neurovoyance/p2p'
import { ChainService } from '@neurovoyance/protocol'

/** How a chain's node reaches others: the host's peers, and `ChainService` over its RPC. */
export function chainNetworkOver(host: Pick<Host, 'peers' | 'onPeer' | 'rpc'>): ChainNetwork {
  const call = (peerId: string, method: never, message: never, options: object = {}) =>
    host.rpc.call(peerId, ChainService, method, message, options)
  return {
    peers: () => host.peers().map(({ peerId }) => peerId),
    onPeer: listener => host.onPeer(listener),
    // one signature for all methods: the port's says which message belongs to which
    call: call as unknown as ChainNetwork['call'],
    gossip: (peerId, messages, signal) =>
      host.rpc.duplex(peerId, ChainService, 'Gossip', messages, { signal }),
    serve: handlers => host.rpc.serve(ChainService, handlers),
  }
}
