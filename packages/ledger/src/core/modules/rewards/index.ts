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
