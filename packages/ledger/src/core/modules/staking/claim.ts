import { StakingClaim } from '@neurovoyance/protocol'
import { action } from '../../machine/module.js'
import { settleBonds } from './settle.js'
import { keepStaker } from './staker.js'

/** Pays out the rewards of all bonds of the sender, as earned coins: `staking/claim`. */
export const claim = action(StakingClaim, 1_000, context => {
  keepStaker(context.draft, context.sender, settleBonds(context, context.sender))
})
