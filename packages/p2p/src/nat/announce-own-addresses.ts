import type { Libp2pEvents, Listener, TypedEventTarget } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

/** What the service needs from libp2p. */
export interface AnnounceComponents {
  events: TypedEventTarget<Libp2pEvents>
  addressManager: {
    confirmObservedAddr(address: Multiaddr, options?: { type: 'transport'; ttl: number }): void
  }
}

/** For good. */
const TTL_MS = 100 * 365 * 24 * 3_600_000

/**
 * Announces public addresses of this machine's own interfaces at once.
 *
 * libp2p waits for several peers in different networks to dial back before it announces a public address; a
 * network that begins has no such peers, and a bootstrap node's first reservation needs its address. A firewall
 * in front of such an address costs its peers one failed dial before they take the relay.
 */
export function announceOwnAddresses(): (components: AnnounceComponents) => object {
  return ({ events, addressManager }) => {
    events.addEventListener('transport:listening', ({ detail }: CustomEvent<Listener>) => {
      for (const address of detail.getAddrs()) {
        addressManager.confirmObservedAddr(address, { type: 'transport', ttl: TTL_MS })
      }
    })
    return {}
  }
}
