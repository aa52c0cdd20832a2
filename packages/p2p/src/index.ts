export { P2pError, type P2pErrorCode } from './errors.js'
export type { Gossip, GossipHandler, GossipMessage, GossipVerdict } from './gossip/gossip.js'
export type { Host, PeerEvent, PeerSummary } from './host/host.js'
export { defaultHostLimits, type HostLimits } from './limits/host-limits.js'
export * from './rpc/index.js'
export {
  type CallContext,
  type CallOptions,
  createRpc,
  type DuplexHandler,
  defaultRpcLimits,
  type Handlers,
  protocolIds,
  type Rpc,
  type RpcInit,
  type RpcLimits,
  type RpcStats,
  type UnaryHandler,
} from './rpc/index.js'
export type { TransportName } from './transport-name.js'
