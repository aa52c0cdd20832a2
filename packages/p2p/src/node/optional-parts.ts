import type { Libp2p, ServiceMap } from '@libp2p/interface'
import type { Libp2pOptions, ServiceFactoryMap } from 'libp2p'
import { announceOwnAddresses } from '../nat/announce-own-addresses.js'
import { autoNatService } from '../nat/autonat.js'
import { dcutrService } from '../nat/dcutr.js'
import type { PeerHostSettings } from './init.js'

/** What a role adds to a host. */
export interface ExtraServices {
  services?: ServiceFactoryMap<ServiceMap>
  /** Runs when the host listens. */
  afterStart?: (libp2p: Libp2p) => Promise<void>
  /** Runs before the host stops. */
  beforeStop?: () => Promise<void>
}

/** Multicast DNS, where it was asked for. */
export async function mdnsDiscovery({
  mdns: wanted,
}: PeerHostSettings): Promise<NonNullable<Libp2pOptions['peerDiscovery']>> {
  if (!wanted) return []
  const { mdns } = await import('@libp2p/mdns')
  return [mdns({ serviceTag: 'neurovoyance.local' })]
}

/** What helps a host through a NAT; nothing where it only lives on this machine. */
export async function natServices({
  nat,
  loopback,
  client,
}: PeerHostSettings): Promise<ServiceFactoryMap<ServiceMap>> {
  const services: ServiceFactoryMap<ServiceMap> = {}
  if (loopback) return services
  services.dcutr = dcutrService()
  if (client) return services
  services.announce = announceOwnAddresses()
  if (nat.autonat) services.autoNAT = autoNatService()
  if (nat.upnp) {
    const { uPnPNAT } = await import('@libp2p/upnp-nat')
    services.upnp = uPnPNAT({ portMappingDescription: 'neurovoyance' })
  }
  return services
}
