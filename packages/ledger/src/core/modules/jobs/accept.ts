import { formatAmount, JobsAccept } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { type Id, idOf } from '../../hex.js'
import type { ActionContext } from '../../machine/context.js'
import { action } from '../../machine/module.js'
import { totalOf } from '../accounts/purse.js'
import { dueByRound, jobOf, type OpenJob } from './job.js'
import { release } from './release.js'

/** Accepts work of a round and pays it out of the budget: `jobs/accept`, by the job's acceptor. */
export const accept = action(JobsAccept, 150, (context, { job, round, worker, amount, result }) => {
  const id = idOf(job)
  const open = jobOf(context, id)
  if (idOf(open.acceptor) !== context.sender) {
    throw ledgerError('LEDGER_FORBIDDEN', `only the acceptor of job ${id} may do this`, { job: id })
  }
  checkAcceptance(context, id, open, { round, amount })
  release(context, id, open, { round, worker: idOf(worker), amount, result: idOf(result) })
})

function checkAcceptance(
  context: ActionContext,
  id: Id,
  job: OpenJob,
  { round, amount }: { round: number; amount: bigint },
): void {
  if (round < 1 || round > job.rounds || (round !== job.round && round !== job.round + 1)) {
    throw ledgerError('LEDGER_CONFLICT', `job ${id} is in round ${job.round} of ${job.rounds}`, {
      round: job.round,
      rounds: job.rounds,
    })
  }
  const least = context.parameters.of('jobs/leastPayment')
  if (amount === 0n || (amount < least && amount !== totalOf(job.budget))) {
    throw ledgerError('LEDGER_TOO_SMALL', `work is paid ${formatAmount(least)} NVY at least`, {
      least: String(least),
    })
  }
  const due = dueByRound(job, round) - job.released
  if (amount > due) {
    throw ledgerError('LEDGER_TOO_LARGE', `round ${round} of job ${id} has ${formatAmount(due)} NVY left`, {
      left: String(due),
    })
  }
}
