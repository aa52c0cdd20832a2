import type { Address } from '@libp2p/interface'
import { isLoopback, isPrivate } from '@libp2p/utils'
import type { Multiaddr } from '@multiformats/multiaddr'
import { transportName, transportRank } from './transport-name.js'

/**
 * The order in which a peer's addresses are dialled: public before private before loopback, then the transport
 * that carries payload best (TCP), signed addresses before others. Relayed addresses come last, the plain one
 * before the one that goes on to WebRTC: it connects at once, and is replaced by a direct connection later.
 */
export function compareAddresses(a: Address, b: Address): -1 | 0 | 1 {
  const order =
    rank(a.multiaddr) - rank(b.multiaddr) ||
    transportRank(transportName(a.multiaddr)) - transportRank(transportName(b.multiaddr)) ||
    Number(b.isCertified) - Number(a.isCertified)
  return order < 0 ? -1 : order > 0 ? 1 : 0
}

function rank(address: Multiaddr): number {
  const transport = transportName(address)
  if (transport === 'webrtc') return 4
  if (transport === 'relay') return 3
  if (isLoopback(address)) return 2
  return isPrivate(address) ? 1 : 0
}
