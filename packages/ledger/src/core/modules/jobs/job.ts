import { JobRecord, type Purse } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import type { Id } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { collection } from '../../state/collection.js'
import { totalOf } from '../accounts/purse.js'
import { escrowHoldings, escrowOf } from '../escrow/escrow.js'
import { type Beginning, escrowId } from '../escrow/escrow-id.js'

/** Jobs with something left of their budget, by id. */
export const jobs = collection<JobRecord>('jobs', {
  codec: JobRecord,
  holdings: ({ budget }) => escrowHoldings(budget),
})

/** The id of a job that an account posts. */
export const jobId = (posting: Beginning): Id => escrowId('neurovoyance/job/1', posting)

/** A job with its budget. */
export type OpenJob = JobRecord & { readonly budget: Purse }

/** @throws LedgerError `LEDGER_NOT_FOUND` for a job that has ended or was never posted */
export function jobOf({ draft }: Pick<BlockContext, 'draft'>, id: Id): OpenJob {
  const job = jobs.get(draft, id)
  if (job === undefined) {
    throw ledgerError('LEDGER_NOT_FOUND', `job ${id} has ended or was never posted`, { job: id })
  }
  return { ...job, budget: escrowOf(job.budget) }
}

/** What may be released by the end of a round, since the job was posted. */
export function dueByRound({ budget, released, rounds }: OpenJob, round: number): bigint {
  return ((totalOf(budget) + released) * BigInt(round)) / BigInt(rounds)
}
