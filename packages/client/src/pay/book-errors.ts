import { formatAmount } from '@neurovoyance/protocol'
import { ClientError } from '../errors.js'
import type { Budget } from './core/budget.js'
import type { PaidChannel } from './core/purse.js'

export const noChannel = (payee: string): ClientError =>
  new ClientError('CLIENT_PAYMENT_FAILED', `there is no channel to ${payee} any more`, { details: { payee } })

export const distrusted = ({ payee, lost }: PaidChannel): ClientError =>
  new ClientError(
    'CLIENT_PAYEE_DISTRUSTED',
    `a node took ${formatAmount(lost)} NVY and did not answer: it is not paid any more`,
    { details: { payee, lost: String(lost) } },
  )

export const budgetSpent = ({ limit, locked, paid, fees }: Budget): ClientError =>
  new ClientError(
    'CLIENT_BUDGET_SPENT',
    `the budget of ${formatAmount(limit)} NVY is used up: ${formatAmount(locked)} NVY are in channels, ${formatAmount(paid)} NVY were paid, ${formatAmount(fees)} NVY went into fees: raise budget`,
    { details: { limit: String(limit), locked: String(locked), paid: String(paid), fees: String(fees) } },
  )
