/**
 * Pays nodes for their work, within a budget: channels that open, fill and close by themselves, and a voucher with
 * every request.
 *
 * @module
 */

export { type ChannelRules, readChannelRules } from './channel-rules.js'
export { type Budget, depositFor, leftOf } from './core/budget.js'
export {
  atStake,
  type Outcome,
  openedChannel,
  type PaidChannel,
  type PurseRules,
  type Reservation,
  reconcile,
  recover,
  release,
  reserve,
} from './core/purse.js'
export { type PayersWish, payerMessage } from './payer-message.js'
export {
  type ClientPayments,
  createPayments,
  type EndedChannel,
  type PaymentsInit,
  type PaymentsReport,
} from './payments.js'
export { memoryStore, type PurseStore } from './store.js'
export { createTeller, type PayingAccount, type Sent, type Teller } from './teller.js'
