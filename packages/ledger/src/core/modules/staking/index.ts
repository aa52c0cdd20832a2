/**
 * Staking: coins stand behind validators, share in what the network earns, and pay for the validators' faults.
 *
 * - An epoch's validators are **elected** at its beginning by the coins that were bonded before it. Coins bonded
 *   within an epoch answer for faults from the next election on; coins that leave within it answer for it still.
 *   So a slash takes from what stood behind the validator when it voted, and from nothing else.
 * - A **bond** remembers what its coins were, the epochs for which it answers, and how far it has been paid. A
 *   validator keeps sums, an index of rewards and the list of its slashes; bonds catch up when they are touched.
 *   Nothing ever walks through the stakers of a validator.
 * - Coins **come back** after `staking/unbondingMs`, by themselves, as what they were: liquid ones liquid, earned ones
 *   earned or, if asked for, into the exit queue.
 *
 * @module
 */
import type { LedgerModule } from '../../machine/module.js'
import { beginsEpoch } from '../time/time.js'
import { claim } from './claim.js'
import { commission } from './commission.js'
import { create } from './create.js'
import { delegate } from './delegate.js'
import { elect } from './elect.js'
import { beginAnew } from './elections.js'
import { stakingGenesis } from './genesis.js'
import { mature } from './mature.js'
import { checkStaking, stakingParameters } from './parameters.js'
import { payOut } from './pay-out.js'
import { redelegate } from './redelegate.js'
import { unbond } from './unbond.js'
import { unjail } from './unjail.js'

/** Validators and those who stand behind them. */
export const stakingModule: LedgerModule = {
  name: 'staking',
  parameters: stakingParameters,
  actions: { create, delegate, redelegate, unbond, claim, unjail, commission },
  checkParameters: checkStaking,
  beginBlock(context) {
    if (beginsEpoch(context)) {
      payOut(context)
      elect(context)
    }
    mature(context)
  },
  genesis: stakingGenesis,
  continues: beginAnew,
}
