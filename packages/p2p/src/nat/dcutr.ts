import { type DCUtRServiceComponents, dcutr } from '@libp2p/dcutr'
import { transportName } from '../transport-name.js'
import { override } from './override.js'

/**
 * DCUtR, kept to addresses that lead straight to the peer.
 *
 * `@libp2p/dcutr` 3.0 takes `…/p2p-circuit/webrtc` for a public address of the peer. Without a peer id at its end
 * that names the relay: it connects to the relay by WebRTC and closes the relayed connection as upgraded.
 */
export function dcutrService(): (components: DCUtRServiceComponents) => unknown {
  return components => {
    const { transportManager } = components
    return dcutr()(
      override(components, {
        transportManager: override(transportManager, {
          dialTransportForMultiaddr: address =>
            ['relay', 'webrtc'].includes(transportName(address))
              ? undefined
              : transportManager.dialTransportForMultiaddr(address),
        }),
      }),
    )
  }
}
