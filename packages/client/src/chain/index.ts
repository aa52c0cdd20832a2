/**
 * A chain from afar: read through whatever nodes are there and believed by proofs, and the account that one holds the
 * key of.
 *
 * @module
 */
export type { ChainAccess, Settlement } from '@neurovoyance/ledger'
export { anchorFromGenesis, type LightAnchor, type TrustedHeader } from '@neurovoyance/ledger/light'
export {
  type Coins,
  createWalletClient,
  type SendingWallet,
  type SendOptions,
  type SentTransaction,
  type WalletClient,
  type WalletClientInit,
} from './account/client.js'
export type { FeeEstimate } from './account/fee.js'
export { findWrongBy } from './light.js'
export type { ChainNode } from './nodes.js'
export { type ChainPeers, peersOf } from './peers.js'
export { type GetValues, readState } from './read-state.js'
export { type ChainReader, type ChainReaderInit, openChainReader, type ProvenState } from './reader.js'
export type { ProvenEntry } from './transactions.js'
export { type ChainName, storageTrust, type TextStorage, type TrustStore } from './trust/store.js'
export {
  type AccountQuery,
  type AccountView,
  type Balances,
  type BondedCoins,
  type ChannelCoins,
  type EarnedLot,
  type OwnNode,
  type StakedCoins,
  type UnbondingCoins,
  type VestingLot,
  viewAccount,
} from './views/account.js'
export {
  type ParameterView,
  type SupplyView,
  type ValidatorView,
  viewParameters,
  viewSupply,
  viewValidators,
} from './views/network.js'
export { type ReadableChain, readAccount, readParameters, readSupply, readValidators } from './views/read.js'
