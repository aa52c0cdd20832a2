/**
 * Jobs: a budget for work in rounds, by many workers.
 *
 * - The budget is put aside when the job is **posted**, and remembers what its coins were. Until the deadline the
 *   poster cannot have it back: workers can rely on it.
 * - Work is **accepted** by the account that the job names, round after round; by the end of round n of r no more than
 *   n/r of the budget is released. `release` is the one way out to workers, whoever comes to accept.
 * - After the **deadline** the poster has the rest back as what it was.
 *
 * @module
 */
import type { LedgerModule } from '../../machine/module.js'
import { accept } from './accept.js'
import { jobsParameters } from './parameters.js'
import { post } from './post.js'
import { refund } from './refund.js'

/** Jobs: budgets that are released by accepted work. Needs the modules accounts and rewards. */
export const jobsModule: LedgerModule = {
  name: 'jobs',
  parameters: jobsParameters,
  actions: { post, accept, refund },
}
