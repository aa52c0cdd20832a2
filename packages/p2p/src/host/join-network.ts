import type { Libp2p } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Clock, Logger, Random } from '@neurovoyance/protocol'
import type { AddressBook } from '../discovery/address-book.js'
import { servePeerExchange } from '../discovery/peer-exchange.js'
import { stayConnected } from '../discovery/stay-connected.js'
import { upgradeRelayed } from '../nat/direct-upgrade.js'
import type { Membership } from '../swarm/membership.js'

/** What a host joins the network with. */
export interface JoinNetworkInit {
  libp2p: Libp2p
  /** In a private swarm. */
  membership: Membership | undefined
  book: AddressBook
  bootstrap: readonly Multiaddr[]
  targetPeers: number
  /** Whether peers are found by multicast DNS. */
  mdns: boolean
  /** Whether relayed connections can be replaced by WebRTC ones. */
  webrtc: boolean
  clock: Clock
  random: Random
  logger: Logger
}

/**
 * Starts a libp2p node and keeps it in the network.
 *
 * @returns a function that lets go of the network; the node still has to be stopped
 */
export async function joinNetwork(init: JoinNetworkInit): Promise<() => void> {
  const { libp2p, membership, webrtc } = init
  const exchange = await servePeerExchange(libp2p, init.random)
  const ends: Array<() => void> = []
  if (membership !== undefined) ends.push(await membership.start(libp2p))
  await libp2p.start()
  ends.push(stayConnected({ ...init, exchange }))
  if (webrtc) ends.push(upgradeRelayed(init))
  return () => {
    for (const end of ends) end()
  }
}
