import { BlockList } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Multiaddr } from '@multiformats/multiaddr'

/** Tells addresses on the networks that this machine is in now; a private address elsewhere is another machine's. */
export function onOwnNetwork(address: Multiaddr): boolean {
  const host = address.getComponents().find(({ name }) => name === 'ip4' || name === 'ip6')
  if (host?.value === undefined) return false
  return ownNetworks().check(host.value, host.name === 'ip4' ? 'ipv4' : 'ipv6')
}

function ownNetworks(): BlockList {
  const networks = new BlockList()
  for (const { cidr, family } of Object.values(networkInterfaces()).flatMap(all => all ?? [])) {
    const [network, bits] = cidr?.split('/') ?? []
    if (network !== undefined) networks.addSubnet(network, Number(bits), family === 'IPv4' ? 'ipv4' : 'ipv6')
  }
  return networks
}
