export type { ChainAccess, Settlement } from './access.js'
export * as actions from './actions/index.js'
export type {
  ChainCall,
  ChainCaller,
  ChainCallOptions,
  ChainHandlers,
  ChainMethod,
  ChainNetwork,
  ChainRequest,
  ChainResponse,
} from './chain/network.js'
export * from './core/amount.js'
export {
  APPLICATION_VERSION,
  type AssembledBlock,
  assembleBlock,
  type BlockContent,
  type ChainHead,
  linksOf,
} from './core/block/assemble.js'
export { checkLinks, type OpenBlock, openBlock } from './core/block/check.js'
export { type CommitCheck, checkCommit, totalPower } from './core/block/commit.js'
export {
  commitHashOf,
  encodeReceipt,
  evidenceRootOf,
  headerHashOf,
  NO_HASH,
  receiptsRootOf,
  transactionsRootOf,
  validatorsHashOf,
} from './core/block/hashes.js'
export { isUnderRoot, type MerkleProof, merkleProof, merkleRoot } from './core/block/merkle.js'
export { signingPrefix } from './core/crypto/domains.js'
export { type KeyProof, keyProofBytes } from './core/crypto/key-proof.js'
export { blockIdFrom, VOTE_DOMAIN, voteBytes } from './core/crypto/vote.js'
export { isSoundKey, type Verify, verifyZip215, zip215 } from './core/crypto/zip215.js'
export { bytesOf, type Id, idOf } from './core/hex.js'
export {
  applicationVersion,
  plannedUpgrade,
  planUpgrade,
  rulesAt,
  type Upgrade,
  versionAt,
} from './core/machine/application.js'
export {
  type Applied,
  applyBlock,
  type BlockInput,
  checkApplied,
  type Receipt,
} from './core/machine/apply.js'
export type { ActionContext, BlockContext, LedgerEvent } from './core/machine/context.js'
export {
  continuedState,
  type FirstState,
  type Genesis,
  genesisState,
  wholeOf,
} from './core/machine/genesis.js'
export { createMachine, type Machine, type MachineInit } from './core/machine/machine.js'
export { type ActionRule, action, type LedgerModule } from './core/machine/module.js'
export { parametersOf, setParameters } from './core/machine/parameters-record.js'
export { heldOf, noteBurnt, noteMinted, supply, supplyOf } from './core/machine/supply.js'
export {
  type OpenInit,
  type OpenTransaction,
  openTransaction,
  type ReadInit,
  readTransaction,
  type SignatureCheck,
  signedBytes,
} from './core/machine/transaction.js'
export type { Waiting } from './core/mempool/line.js'
export { DEFAULT_MEMPOOL_LIMITS, Mempool, type MempoolLimits, type Room } from './core/mempool/mempool.js'
export {
  accountOf,
  accounts,
  credit,
  creditVesting,
  debit,
  debitVesting,
} from './core/modules/accounts/account.js'
export { accountsModule } from './core/modules/accounts/index.js'
export { addressOf, soleKey } from './core/modules/accounts/keys.js'
export * from './core/modules/accounts/purse.js'
export { channelId, channels } from './core/modules/channels/channel.js'
export { channelsModule } from './core/modules/channels/index.js'
export {
  checkVoucher,
  type OpenVoucher,
  openVoucher,
  sealVoucher,
  type VoucherChannel,
  type VoucherProblem,
  type VoucherRules,
  voucherChannel,
  voucherMessage,
} from './core/modules/channels/voucher.js'
export { type Beginning, escrowId } from './core/modules/escrow/escrow-id.js'
export type { EvidenceContext, Fault, FaultKind } from './core/modules/evidence/fault.js'
export {
  checkEvidenceOf,
  createEvidenceModule,
  EVIDENCE_REFUSED,
  evidenceModule,
} from './core/modules/evidence/index.js'
export { type Accusers, judge } from './core/modules/evidence/judge.js'
export { CIRCULATING, circulatingSupply, exitCap } from './core/modules/exit/circulating.js'
export { EXIT_UNIT, enqueueEarned } from './core/modules/exit/enqueue.js'
export { exitModule } from './core/modules/exit/index.js'
export { tributeOf } from './core/modules/exit/tribute.js'
export { type ExitProgress, exitProgress } from './core/modules/exit/view.js'
export { baseFeeOf, feesModule } from './core/modules/fees/fee-market.js'
export { grantsModule } from './core/modules/grants/index.js'
export { guests, sponsors } from './core/modules/grants/records.js'
export { createNetworkLedger, NETWORK_MODULES, type NetworkLedgerInit } from './core/modules/index.js'
export { jobsModule } from './core/modules/jobs/index.js'
export { jobId, jobs } from './core/modules/jobs/job.js'
export { type AcceptedWork, release } from './core/modules/jobs/release.js'
export { NODE_DOMAIN } from './core/modules/nodes/bind.js'
export { nodesModule } from './core/modules/nodes/index.js'
export { nodes, stakeOf } from './core/modules/nodes/node.js'
export { type NodeSlash, slashNode } from './core/modules/nodes/slash.js'
export { rewardsModule } from './core/modules/rewards/index.js'
export type { ChosenBy } from './core/modules/rewards/note-work.js'
export { epochId, epochRewards, treasury, workerRewards } from './core/modules/rewards/records.js'
export { scheduledBudget } from './core/modules/rewards/schedule.js'
export { type PaidWork, settleWork } from './core/modules/rewards/settle-work.js'
export { type Split, splitPayment } from './core/modules/rewards/split.js'
export { candidatesOf } from './core/modules/staking/candidates.js'
export { VALIDATOR_DOMAIN } from './core/modules/staking/create.js'
export {
  ELECTED_AFTER_BLOCKS,
  electionAt,
  latestElection,
  validatorSetOf,
} from './core/modules/staking/elections.js'
export { stakingModule } from './core/modules/staking/index.js'
export { jailValidator, tombstoneValidator } from './core/modules/staking/jail.js'
export { distributeToStakers } from './core/modules/staking/pool.js'
export { type PowerChange, powerChanges } from './core/modules/staking/power-changes.js'
export { type Slash, slashValidator } from './core/modules/staking/slash.js'
export { stakers } from './core/modules/staking/staker.js'
export { payTips } from './core/modules/staking/tips.js'
export { bondedTo, validators } from './core/modules/staking/validator.js'
export { type BondView, type StakeView, stakeView, type UnbondingView } from './core/modules/staking/view.js'
export { beginsEpoch, epochAt, epochOf, ledgerTime, timeModule } from './core/modules/time/time.js'
export type { Parameter, ParameterTable } from './core/parameters/parameter.js'
export { type Parameters, settleParameters } from './core/parameters/parameters.js'
export { type Collection, collection, type Single, single } from './core/state/collection.js'
export { Draft, type Form, type Holdings } from './core/state/draft.js'
export { type Changes, emptyState, type StateView } from './core/state/view.js'
export {
  createHasher,
  createStateTree,
  type Hasher,
  type LeafObserver,
  type Proof,
  type Sha256,
  type StateTree,
  type StateTreeInit,
  verifyProof,
} from './core/tree/index.js'
export { LedgerError, type LedgerErrorCode } from './errors.js'
export * from './genesis/index.js'
export { buildTransaction, type TransactionInit, type TransactionSigner } from './transaction-builder.js'
