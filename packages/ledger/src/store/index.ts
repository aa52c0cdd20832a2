export type {
  AccountEntry,
  BlockResults,
  BlockStore,
  StoredBlock,
  TransactionPlace,
} from './block-store.js'
export { StoreError, type StoreErrorCode } from './errors.js'
export type { Head } from './head.js'
export { nativeHasher } from './native-hasher.js'
export { type LedgerStore, type LedgerStoreInit, openLedgerStore, recordWrite } from './open.js'
export { type ExportInit, exportSnapshot, readSnapshot, type SnapshotSource } from './snapshot/export.js'
export type { ImportInit, OtherState } from './snapshot/import.js'
export {
  decodeManifest,
  encodeManifest,
  type SnapshotChunk,
  type SnapshotManifest,
} from './snapshot/manifest.js'
export type { StateSnapshot } from './state-snapshot.js'
export type { CommitInit, Committed, StateStore } from './state-store.js'
export type { Write } from './writer.js'
