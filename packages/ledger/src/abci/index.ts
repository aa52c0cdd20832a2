/**
 * The ledger's state machine behind CometBFT's ABCI 0.38 socket, for a network that outgrows the embedded engine.
 *
 * @example
 * ```ts
 * import { openAbciApplication, serveAbci } from '@neurovoyance/ledger/abci'
 *
 * const application = await openAbciApplication({ dir: 'ledger', chainId: 'community-1' })
 * const server = await serveAbci({ application, listen: 'tcp://127.0.0.1:26658' })
 * ```
 *
 * @module
 */
export {
  type AbciApplication,
  type AbciApplicationInit,
  openAbciApplication,
} from './application/application.js'
export type { LedgerHead } from './application/keeper.js'
export { RESULT } from './application/results.js'
export type { SnapshotPlan } from './application/snapshot-shelf.js'
export { cometAddress } from './application/validators.js'
export { cometGenesis } from './comet-genesis.js'
export { AbciError, type AbciErrorCode } from './errors.js'
export { PROOF_TYPE, VALUE_PATH } from './handlers/query.js'
export { ABCI_LIMITS } from './limits.js'
export type { RequestKind, RequestOf } from './messages/requests.js'
export type { ResponseKind, ResponseOf } from './messages/responses.js'
export { type AbciServer, type AbciServerInit, serveAbci } from './server/server.js'
