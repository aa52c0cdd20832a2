import { StakingCommission } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { idOf } from '../../hex.js'
import { action } from '../../machine/module.js'
import { epochOf } from '../time/time.js'
import { checkCommission } from './create.js'
import { ownValidator } from './owned.js'
import { validators } from './validator.js'

/**
 * Changes a validator's commission: `staking/commission`. Once in an epoch, and upwards by little, so that stakers
 * can leave before it is high.
 */
export const commission = action(StakingCommission, 150, (context, payload) => {
  const { draft, parameters, sender } = context
  const key = idOf(payload.validator)
  const validator = ownValidator(context, key)
  checkCommission(payload.commission, parameters.of('staking/mostCommission'))
  const epoch = epochOf(context)
  if (validator.commissionEpoch >= epoch) {
    throw ledgerError('LEDGER_TOO_EARLY', 'a commission changes once in an epoch', { epoch })
  }
  const step = Number(parameters.of('staking/commissionStep'))
  if (payload.commission > validator.commission + step) {
    throw ledgerError('LEDGER_TOO_LARGE', `a commission rises by ${step / 10_000}% at most`, { step })
  }
  validators.set(draft, key, { ...validator, commission: payload.commission, commissionEpoch: epoch })
  context.emit({
    kind: 'staking/commission',
    accounts: [sender],
    fields: { validator: key, commission: payload.commission },
  })
})
