export * from './errors.js'
export type { Gossip, GossipHandler, GossipMessage, GossipVerdict } from './gossip/gossip.js'
export type { Host, HostSigner, HostVerifier, PeerEvent, PeerSummary, TransportName } from './host/host.js'
