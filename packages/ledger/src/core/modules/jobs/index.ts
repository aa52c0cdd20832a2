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
