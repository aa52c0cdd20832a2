/**
 * Typed remote procedures over libp2p streams.
 *
 * @module
 */
export type { Penalty } from './conduct.js'
export { createRpc, type RpcInit } from './create-rpc.js'
export type { RpcLibp2p } from './endpoint.js'
export { defaultRpcLimits, type RpcLimits } from './limits.js'
export { protocolIds } from './protocol-id.js'
export type {
  CallContext,
  CallOptions,
  DuplexHandler,
  Handlers,
  MethodName,
  RequestOf,
  ResponseOf,
  Rpc,
  RpcGate,
  RpcStats,
  UnaryHandler,
} from './types.js'
