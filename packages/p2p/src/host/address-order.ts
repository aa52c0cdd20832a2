import type { Address, AddressSorter } from '@libp2p/interface'
import { isLoopback, isPrivate } from '@libp2p/utils'
import type { Multiaddr } from '@multiformats/multiaddr'
import { transportName, transportRank } from '../transport-name.js'

/**
 * The order in which a peer's addresses are dialled, one after the other:
 *
 * 1. public, then private on one of our own networks, then loopback; among them the transport that carries payload
 *    best (TCP), signed addresses first;
 * 2. over a relay, which connects at once and is replaced by a direct connection later; then WebRTC over a relay;
 * 3. private on networks we are not in: there nobody answers, and each costs the time of a whole dial.
 *
 * @param near - whether an address is on one of our own networks
 */
export function addressOrder(near: (address: Multiaddr) => boolean): AddressSorter {
  const rank = (address: Multiaddr): number => {
    const transport = transportName(address)
    if (transport === 'relay') return 3
    if (transport === 'webrtc') return 4
    if (isLoopback(address)) return 2
    if (!isPrivate(address)) return 0
    return near(address) ? 1 : 5
  }
  return (a: Address, b: Address) => {
    const order =
      rank(a.multiaddr) - rank(b.multiaddr) ||
      transportRank(transportName(a.multiaddr)) - transportRank(transportName(b.multiaddr)) ||
      Number(b.isCertified) - Number(a.isCertified)
    return order < 0 ? -1 : order > 0 ? 1 : 0
  }
}
