/**
 * Rewards: what payments for work give to all, and what is minted for paid work.
 *
 * - Of every **payment** for work a share b is burnt (rounded up), v goes to validators and stakers and t to the
 *   treasury (rounded down); the worker earns the rest. `settleWork` is the one way of paying for work.
 * - For the work of an **epoch** no more is minted than its budget, on a schedule that falls all the time, and no more
 *   than k of what was paid; workers share it by what they were paid. What is left of a budget lapses.
 * - **k ≤ 0.9 b**: who pays himself burns more than is minted for it, whatever his share of the stake. So paid work
 *   never adds to the supply; coins start with the genesis.
 * - A quarter of minted coins is **earned** at once, the rest **vests** over 180 days.
 * - Nothing happens when an epoch ends. A worker's part is minted when he is paid in a later epoch, or claims it; a
 *   record for each worker with something due and one for each epoch with something unclaimed is all that is kept.
 * - Work whose worker the ledger draws (`chosenBy: 'ledger'`) has its own k, bounded by the share of the draws that
 *   one person is thought able to win.
 *
 * @module
 */
import type { LedgerModule } from '../../machine/module.js'
import { claim } from './claim.js'
import { rewardsGenesis } from './genesis.js'
import { checkRewards, rewardsParameters } from './parameters.js'

/** Rewards: what payments for work give to all, and what is minted for paid work. */
export const rewardsModule: LedgerModule = {
  name: 'rewards',
  parameters: rewardsParameters,
  actions: { claim },
  checkParameters: checkRewards,
  genesis: rewardsGenesis,
}
