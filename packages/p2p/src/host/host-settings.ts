import { identify, identifyPush } from '@libp2p/identify'
import type { PrivateKey } from '@libp2p/interface'
import { ping } from '@libp2p/ping'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Clock } from '@neurovoyance/protocol'
import type { Libp2pOptions } from 'libp2p'
import manifest from '../../package.json' with { type: 'json' }
import { learnedAddresses } from '../discovery/learned-addresses.js'
import { pacedWalk } from '../discovery/paced-walk.js'
import { gossipService } from '../gossip/gossip.js'
import type { HostLimits } from '../limits/host-limits.js'
import type { PeerGuard } from '../limits/peer-guard.js'
import { addressOrder } from './address-order.js'
import { streamMuxer } from './stream-muxer.js'

/** How long one address may take, handshakes included, before the next one is tried. */
const ADDRESS_DIAL_TIMEOUT_MS = 6_000
const DIAL_TIMEOUT_MS = 30_000
const PROTOCOL_TIMEOUT_MS = 5_000
const PUSH_DEBOUNCE_MS = 3_000
const PING_STREAMS = 16

/** What a platform brings to the configuration. */
export interface HostSettingsInit {
  privateKey: PrivateKey
  /** Noise, as this platform does it best. */
  noise: NonNullable<Libp2pOptions['connectionEncrypters']>[number]
  limits: HostLimits
  guard: PeerGuard
  /** Whether an address is on one of this machine's own networks. */
  near: (address: Multiaddr) => boolean
}

/** The part of libp2p's configuration that hosts on every platform share. */
const { version } = manifest

export function hostSettings({ privateKey, noise, limits, guard, near }: HostSettingsInit): Libp2pOptions {
  return {
    privateKey,
    nodeInfo: { name: 'neurovoyance', version, userAgent: `neurovoyance/${version}` },
    connectionEncrypters: [noise],
    streamMuxers: [streamMuxer(limits)],
    connectionGater: guard.gater,
    connectionManager: {
      addressSorter: addressOrder(near),
      maxConnections: limits.connections,
      maxIncomingPendingConnections: limits.pendingConnections,
      inboundConnectionThreshold: limits.connectionsPerSecondPerAddress,
      addressDialTimeout: ADDRESS_DIAL_TIMEOUT_MS,
      dialTimeout: DIAL_TIMEOUT_MS,
      outboundStreamProtocolNegotiationTimeout: PROTOCOL_TIMEOUT_MS,
      inboundStreamProtocolNegotiationTimeout: PROTOCOL_TIMEOUT_MS,
    },
    peerRouters: [learnedAddresses()],
    // hosts watch their connections themselves
    connectionMonitor: { enabled: false },
  }
}

/** The services that hosts on every platform share. The guard comes first: it stands before all others. */
export function hostServices(guard: PeerGuard, clock: Clock) {
  return {
    guard: guard.service,
    pacedWalk: pacedWalk(clock),
    identify: identify({ runOnLimitedConnection: true }),
    // a host that starts changes much in a moment: peers hear of it once
    identifyPush: identifyPush({ runOnLimitedConnection: true, debounce: PUSH_DEBOUNCE_MS }),
    // who watches a connection pings, and the DHT too
    ping: ping({
      runOnLimitedConnection: true,
      maxOutboundStreams: PING_STREAMS,
      maxInboundStreams: PING_STREAMS,
    }),
    gossip: gossipService(),
  }
}
