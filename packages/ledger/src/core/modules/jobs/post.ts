import { formatAmount, JobsPost } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { bytesOf, idOf } from '../../hex.js'
import type { ActionContext } from '../../machine/context.js'
import { action } from '../../machine/module.js'
import { debit } from '../accounts/account.js'
import { SPEND } from '../accounts/purse.js'
import { jobId, jobs } from './job.js'

/** Posts a job and puts its budget aside: `jobs/post`. */
export const post = action(JobsPost, 150, (context, posting) => {
  checkPosting(context, posting)
  const { draft, chainId, sender, nonce } = context
  const { description, budget, rounds, deadlineMs, index } = posting
  const id = jobId({ chainId, account: sender, nonce, index })
  if (jobs.get(draft, id) !== undefined) {
    throw ledgerError('LEDGER_CONFLICT', `this transaction posted job ${id} before`, { index })
  }
  const poster = bytesOf(sender)
  const acceptor = posting.acceptor ?? poster
  const coins = debit(context, sender, budget, SPEND)
  jobs.set(draft, id, {
    poster,
    acceptor,
    description,
    budget: coins,
    released: 0n,
    rounds,
    round: 0,
    deadlineMs,
  })
  context.emit({
    kind: 'jobs/posted',
    accounts: [sender],
    fields: { job: id, poster: sender, acceptor: idOf(acceptor), budget, rounds, deadlineMs },
  })
})

function checkPosting({ timeMs, parameters }: ActionContext, { budget, rounds, deadlineMs }: JobsPost): void {
  const least = parameters.of('jobs/leastBudget')
  if (budget < least) {
    throw ledgerError('LEDGER_TOO_SMALL', `a job is posted with ${formatAmount(least)} NVY at least`, {
      least: String(least),
    })
  }
  const mostRounds = Number(parameters.of('jobs/mostRounds'))
  if (rounds < 1 || rounds > mostRounds) {
    throw ledgerError('LEDGER_BAD_ACTION', `a job has from 1 to ${mostRounds} rounds`, { mostRounds })
  }
  const latestMs = timeMs + Number(parameters.of('jobs/mostDurationMs'))
  if (deadlineMs <= timeMs || deadlineMs > latestMs) {
    throw ledgerError('LEDGER_BAD_ACTION', `the deadline lies after ${timeMs} and up to ${latestMs}`, {
      latestMs,
    })
  }
}
