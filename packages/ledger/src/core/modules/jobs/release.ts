import type { Id } from '../../hex.js'
import { idOf } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { SPEND, takeFrom, totalOf } from '../accounts/purse.js'
import { settleWork } from '../rewards/settle-work.js'
import { jobs, type OpenJob } from './job.js'

/** Work of a round that was accepted. */
export interface AcceptedWork {
  readonly round: number
  readonly worker: Id
  readonly amount: bigint
  /** Hash of the work, for whoever watches. */
  readonly result: Id
}

/** Pays for accepted work, whoever accepted it; a job with nothing left is gone. */
export function release(context: BlockContext, id: Id, job: OpenJob, work: AcceptedWork): void {
  const { round, worker, amount, result } = work
  const { taken, left } = takeFrom(job.budget, amount, SPEND)
  if (totalOf(left) === 0n) jobs.delete(context.draft, id)
  else jobs.set(context.draft, id, { ...job, budget: left, released: job.released + amount, round })
  const payer = idOf(job.poster)
  settleWork(context, { payer, worker, coins: taken, chosenBy: 'payer' })
  context.emit({
    kind: 'jobs/accepted',
    accounts: [payer, worker],
    fields: { job: id, round, worker, amount, result },
  })
}
