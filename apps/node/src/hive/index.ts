export { type GatewayClient, gatewayClient } from '../gateway/gateway-client.js'
export type { HiveChain } from './chain/prepare.js'
export { type Hive, type HiveInit, type HiveNode, inspectHive, startHive, stopHive } from './hive.js'
