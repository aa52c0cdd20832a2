export * from './core/amount.js'
export { signingPrefix } from './core/crypto/domains.js'
export { isSoundKey, type Verify, verifyZip215, zip215 } from './core/crypto/zip215.js'
export { bytesOf, type Id, idOf } from './core/hex.js'
export {
  type Applied,
  applyBlock,
  type BlockInput,
  checkApplied,
  type Receipt,
} from './core/machine/apply.js'
export type { ActionContext, BlockContext, LedgerEvent } from './core/machine/context.js'
export { type Genesis, genesisState, wholeOf } from './core/machine/genesis.js'
export { createMachine, type Machine, type MachineInit } from './core/machine/machine.js'
export { type ActionRule, action, type LedgerModule } from './core/machine/module.js'
export { setParameters } from './core/machine/parameters-record.js'
export { heldOf, supply, supplyOf } from './core/machine/supply.js'
export {
  type OpenInit,
  type OpenTransaction,
  openTransaction,
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
export { baseFeeOf, feesModule } from './core/modules/fees/fee-market.js'
export { beginsEpoch, epochAt, epochOf, ledgerTime, timeModule } from './core/modules/time/time.js'
export type { Parameter, ParameterTable } from './core/parameters/parameter.js'
export { type Parameters, settleParameters } from './core/parameters/parameters.js'
export { type Collection, collection, type Single, single } from './core/state/collection.js'
export { Draft, type Form, type Holdings } from './core/state/draft.js'
export { type Changes, emptyState, type StateView } from './core/state/view.js'
export { LedgerError, type LedgerErrorCode } from './errors.js'
