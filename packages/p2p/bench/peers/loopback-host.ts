import type { Host } from '@neurovoyance/p2p'
import { createPeerHost } from '@neurovoyance/p2p/node'

/** A host as nodes run it, with its guard, gossip, DHT and identify, on loopback. */
export function loopbackHost(): Promise<Host> {
  return createPeerHost({ listen: { host: '127.0.0.1' } })
}

/** The address that a host's TCP transport listens on. */
export function tcpAddress(host: Host): string {
  const address = host.addresses().find(candidate => !candidate.includes('/ws'))
  if (address === undefined) throw new Error(`no TCP address in ${host.addresses()}`)
  return address
}
