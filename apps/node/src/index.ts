export {
  type Config,
  type ConfigInput,
  commentedDefaults,
  type Home,
  parseConfig,
  readConfig,
  resolveHome,
  setConfig,
} from './config/index.js'
export { NodeError, type NodeErrorCode } from './errors.js'
export { createLogger } from './logger.js'
export { createNode, type Node, type NodeInit } from './node.js'
export {
  type ReferenceNode,
  type ReferenceNodeInit,
  type ReferenceServices,
  startReferenceNode,
} from './reference-node.js'
export type { NodeContext, Provided, Service, ServiceFactory, Services } from './service.js'
export * from './services/index.js'
export type { ModelStatus, NodeRole, NodeStatus, PeerStatus, RuntimeStatus } from './status.js'
