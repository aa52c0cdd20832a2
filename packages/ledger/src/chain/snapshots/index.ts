export type { SnapshotArtifacts } from './artifacts.js'
export {
  type ExportChainInit,
  exportChain,
  GENESIS_FILE,
  type ImportChainInit,
  importChain,
  STATE_FOLDER,
} from './export-chain.js'
export { type Snapshots, type SnapshotsInit, startSnapshots } from './make.js'
export { pruneChain } from './prune-chain.js'
export { type RollbackChainInit, rollbackChain } from './rollback-chain.js'
export { type StateSynced, type StateSyncInit, type StateSyncProgress, stateSync } from './state-sync.js'
