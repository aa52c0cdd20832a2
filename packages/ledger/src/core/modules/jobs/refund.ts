import { JobsRefund } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { idOf } from '../../hex.js'
import { action } from '../../machine/module.js'
import { credit } from '../accounts/account.js'
import { totalOf } from '../accounts/purse.js'
import { jobOf, jobs } from './job.js'

/** Gives the rest of a budget back as what it was, after the deadline: `jobs/refund`, by the poster. */
export const refund = action(JobsRefund, 80, (context, payload) => {
  const id = idOf(payload.job)
  const { poster, budget, deadlineMs } = jobOf(context, id)
  if (idOf(poster) !== context.sender) {
    throw ledgerError('LEDGER_FORBIDDEN', `only the poster of job ${id} may do this`, { job: id })
  }
  if (context.timeMs <= deadlineMs) {
    throw ledgerError('LEDGER_TOO_EARLY', `the budget of job ${id} is kept until ${deadlineMs}`, {
      deadlineMs,
    })
  }
  jobs.delete(context.draft, id)
  credit(context, context.sender, budget)
  context.emit({
    kind: 'jobs/refunded',
    accounts: [context.sender],
    fields: { job: id, amount: totalOf(budget) },
  })
})
