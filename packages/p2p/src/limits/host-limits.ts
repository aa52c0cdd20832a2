/** What peers may cost a host; every field has a default. Rates are per peer, over all of its connections. */
export interface HostLimits {
  /** Open connections, all peers together. */
  connections: number
  /** Open connections to one peer. */
  connectionsPerPeer: number
  /** Inbound connections that have not finished their handshakes. */
  pendingConnections: number
  /** New inbound connections from one address in a second. */
  connectionsPerSecondPerAddress: number
  /** New inbound connections of one peer in a minute. */
  connectionsPerMinutePerPeer: number
  /** Streams that one connection may hold open towards this host. */
  streamsPerConnection: number
  /** New inbound streams in a second, sustained; four times as many at once. */
  streamsPerSecondPerPeer: number
  /** Bytes in a second on the network's own protocols (gossip, DHT, identify, …), sustained; four times as many at once. */
  controlBytesPerSecondPerPeer: number
  /** Gossip messages that a peer may hand on in a second, sustained; four times as many at once. */
  gossipMessagesPerSecondPerPeer: number
  /** A peer that broke a limit is refused for this long. */
  banMs: number
  /** Peers whose use is remembered after they left. */
  rememberedPeers: number
  /** Reservations that a relay holds. */
  relayReservations: number
  /** Bytes that one relayed connection may carry, both ways together. */
  relayedBytes: number
  /** Time that one relayed connection may last. */
  relayedMs: number
  /** Peers that a host tries to be connected to. */
  targetPeers: number
  /** STUN requests answered in a second, from one address and altogether. */
  stunPerSecondPerAddress: number
  stunPerSecond: number
}

/** The limits of a host unless its owner says otherwise. */
export const defaultHostLimits: Readonly<HostLimits> = Object.freeze({
  connections: 512,
  connectionsPerPeer: 8,
  pendingConnections: 64,
  connectionsPerSecondPerAddress: 64,
  connectionsPerMinutePerPeer: 120,
  streamsPerConnection: 512,
  streamsPerSecondPerPeer: 1_000,
  controlBytesPerSecondPerPeer: 4 * 1024 ** 2,
  gossipMessagesPerSecondPerPeer: 500,
  banMs: 60_000,
  rememberedPeers: 4_096,
  relayReservations: 256,
  relayedBytes: 4 * 1024 ** 3,
  relayedMs: 3_600_000,
  targetPeers: 64,
  stunPerSecondPerAddress: 20,
  stunPerSecond: 2_000,
})
