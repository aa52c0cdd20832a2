import { LIMITS, StakingRedelegate } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { idOf } from '../../hex.js'
import { action } from '../../machine/module.js'
import { joinValidator } from './join.js'
import { leaveValidator } from './leave.js'
import { keepStaker } from './staker.js'

/**
 * Moves bonded coins to another validator at once: `staking/redelegate`. They still answer for what the one they
 * leave did before, as long as they would have had to if they had come back.
 */
export const redelegate = action(StakingRedelegate, 900, (context, payload) => {
  const { draft, sender } = context
  const [from, to] = [idOf(payload.from), idOf(payload.to)]
  if (from === to) throw ledgerError('LEDGER_BAD_ACTION', 'the coins are bonded to that validator')
  const { leaving, staker } = leaveValidator(context, sender, from, payload)
  keepStaker(draft, sender, staker)
  for (const { liabilities } of leaving) {
    if (liabilities.length > LIMITS.liabilities) {
      throw ledgerError(
        'LEDGER_TOO_EARLY',
        `these coins answer for ${LIMITS.liabilities} validators that they left`,
      )
    }
  }
  const joining = leaving.map(({ purse, liabilities }) => ({ purse, past: liabilities }))
  joinValidator(context, sender, to, joining)
  context.emit({
    kind: 'staking/redelegated',
    accounts: [sender],
    fields: { from, to, amount: payload.liquid + payload.earned },
  })
})
