import { StakingDelegate } from '@neurovoyance/protocol'
import { idOf } from '../../hex.js'
import { action } from '../../machine/module.js'
import { coinsToBond, joinValidator } from './join.js'

/** Bonds coins to a validator, one's own or another's: `staking/delegate`. */
export const delegate = action(StakingDelegate, 500, (context, { validator, liquid, earned }) => {
  const key = idOf(validator)
  const purse = coinsToBond(context, context.sender, { liquid, earned })
  joinValidator(context, context.sender, key, [{ purse, past: [] }])
  context.emit({
    kind: 'staking/bonded',
    accounts: [context.sender],
    fields: { validator: key, amount: liquid + earned },
  })
})
