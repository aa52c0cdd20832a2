import { LIMITS, StakingUnbond } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { idOf } from '../../hex.js'
import { action } from '../../machine/module.js'
import { leaveValidator } from './leave.js'
import { returning } from './mature.js'
import { unbondedAt } from './parameters.js'
import { keepStaker } from './staker.js'

/** Takes bonded coins back: `staking/unbond`. They answer for the validator until they are there. */
export const unbond = action(StakingUnbond, 600, (context, payload) => {
  const { draft, sender } = context
  const validator = idOf(payload.validator)
  const { leaving, staker } = leaveValidator(context, sender, validator, payload)
  const endsMs = unbondedAt(context)
  const unbonding = [
    ...staker.unbonding,
    ...leaving.map(part => ({ ...part, endsMs, exit: payload.exit })),
  ].sort((a, b) => a.endsMs - b.endsMs)
  if (unbonding.length > LIMITS.unbondings) {
    throw ledgerError(
      'LEDGER_TOO_LARGE',
      `an account has ${LIMITS.unbondings} parts on their way back at most`,
    )
  }
  keepStaker(draft, sender, { ...staker, unbonding })
  returning.push(draft, sender, endsMs)
  context.emit({
    kind: 'staking/unbonding',
    accounts: [sender],
    fields: { validator, amount: payload.liquid + payload.earned, endsMs },
  })
})
