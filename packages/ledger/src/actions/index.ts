/** What a transaction may ask of the network's ledger: a function for every kind of action. */
export type { AccountName } from './account-name.js'
export * from './accounts.js'
export * from './channels.js'
export * from './earnings.js'
export * from './jobs.js'
export * from './nodes.js'
export * from './staking.js'
