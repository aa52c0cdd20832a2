import { ExitCancel } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { action } from '../../machine/module.js'
import { credit } from '../accounts/account.js'
import { EMPTY_PURSE, takeFrom } from '../accounts/purse.js'
import { settleExit } from './pay-out.js'
import { amountOf, cohortId, exitAccounts, exitCohorts, exitQueue, queuedOf, queueOf } from './records.js'

/**
 * Takes back what the queue has not released of one request: `exit/cancel`. The oldest coins count as those that
 * left, although they paid the tribute of all on average: nobody brings young coins along to have old ones out
 * sooner and cheaper.
 */
export const cancel = action(ExitCancel, 300, (context, { cohort }) => {
  const { draft, sender } = context
  const { positions } = settleExit(context, sender)
  const position = positions.find(other => other.cohort === cohort)
  if (position === undefined) {
    throw ledgerError('LEDGER_NOT_FOUND', `${sender} has nothing in cohort ${cohort}`, { cohort })
  }
  const rest = positions.filter(other => other !== position)
  if (rest.length > 0) exitAccounts.set(draft, sender, { positions: rest })
  else exitAccounts.delete(draft, sender)
  const amount = amountOf(position)
  const id = cohortId(cohort)
  const members = exitCohorts.get(draft, id)!
  exitCohorts.set(draft, id, { ...members, total: members.total - amount })
  const queue = queueOf(draft)
  exitQueue.set(draft, { ...queue, total: queue.total - amount })
  const coins = { ...EMPTY_PURSE, earned: position.lots }
  credit(context, sender, takeFrom(coins, position.paid, ['earned'], 'oldest').left)
  context.emit({
    kind: 'exit/cancelled',
    accounts: [sender],
    fields: { cohort, amount: queuedOf(position) },
  })
})
