export { P2pError, type P2pErrorCode } from './errors.js'
export type { Gossip, GossipHandler, GossipMessage, GossipVerdict } from './gossip/gossip.js'
export type { Host, PeerEvent, PeerSummary, TransportName } from './host/host.js'
export { defaultHostLimits, type HostLimits } from './limits/host-limits.js'
