export type { NeededSignature } from '../core/block/commit.js'
export {
  type ClaimedTransaction,
  checkTransactionProof,
  type ShownRoots,
  transactionProof,
} from '../core/light/transaction-proof.js'
export {
  type CoherentBlock,
  coherent,
  followingSignatures,
  isExpired,
  type LightRules,
  type TrustedHeader,
  trustedHeader,
} from '../core/light/verify.js'
export {
  createLightClient,
  type LightAnchor,
  type LightClient,
  type LightClientInit,
  type LightProvider,
  type LightSources,
} from './client.js'
export { anchorFromGenesis } from './genesis-anchor.js'
