import { type AutoNATComponents, autoNAT } from '@libp2p/autonat'
import { override } from './override.js'

/**
 * AutoNAT, made to dial back over a connection of its own.
 *
 * `@libp2p/autonat` 3.0 opens the dial-back without `force`, so it is handed the connection over which it was
 * asked, finds that it has another address, and closes it: asking a peer for a dial-back would cut the peer off.
 */
export function autoNatService(): (components: AutoNATComponents) => unknown {
  return components => {
    const { connectionManager } = components
    return autoNAT()(
      override(components, {
        connectionManager: override(connectionManager, {
          // one address is a dial-back; several are a peer that is looked for
          openConnection: (target, options) =>
            connectionManager.openConnection(target, { ...options, force: !Array.isArray(target) }),
        }),
      }),
    )
  }
}
