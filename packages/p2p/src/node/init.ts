import type { Logger } from '@neurovoyance/protocol'

/** Where a host listens. A port of 0 takes any free one; `false` leaves the transport out. */
export interface ListenInit {
  /** Address of the interface to listen on. Default: every IPv4 interface (`0.0.0.0`). */
  host?: string
  /** TCP port. Default 0. */
  tcp?: number | false
  /** WebSocket port. Default 0. */
  ws?: number | false
  /** QUIC port (UDP). Default: off. */
  quic?: number | false
  /** WebRTC-direct port (UDP). Default: off. */
  webrtcDirect?: number | false
}

/** What a host on Node is made from. */
export interface PeerHostInit {
  /** Folder of the identity key and the address book; left out, both live in memory only. */
  home?: string
  listen?: ListenInit
  /** Addresses of bootstrap nodes, each ending in `/p2p/<peerId>`. */
  bootstrap?: readonly string[]
  /** `client` neither listens nor serves the DHT. Default `node`. */
  profile?: 'node' | 'client'
  logger?: Logger
}
