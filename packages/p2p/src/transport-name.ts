import type { Connection } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

/** How the bytes of a connection travel. */
export type TransportName = 'tcp' | 'ws' | 'quic' | 'webrtc' | 'webrtc-direct' | 'relay' | 'memory'

/** The transport that a multiaddr's bytes travel by. */
export function transportName(address: Multiaddr): TransportName {
  const names = new Set(address.getComponents().map(component => component.name))
  if (names.has('webrtc')) return 'webrtc'
  if (names.has('p2p-circuit')) return 'relay'
  if (names.has('webrtc-direct')) return 'webrtc-direct'
  if (names.has('quic-v1')) return 'quic'
  if (names.has('ws') || names.has('wss')) return 'ws'
  return names.has('memory') ? 'memory' : 'tcp'
}

/** Payload throughput decides: TCP carries several times what the others do. */
const ORDER: readonly TransportName[] = ['memory', 'tcp', 'quic', 'ws', 'webrtc', 'webrtc-direct', 'relay']

/** The position of a transport in our order of preference, 0 the best. */
export function transportRank(name: TransportName): number {
  return ORDER.indexOf(name)
}

/** Open connections, the one to prefer first. */
export function byPreference(connections: readonly Connection[]): Connection[] {
  return connections
    .filter(connection => connection.status === 'open')
    .sort((a, b) => transportRank(transportName(a.remoteAddr)) - transportRank(transportName(b.remoteAddr)))
}
