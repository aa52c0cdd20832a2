import { StakingUnjail } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { idOf } from '../../hex.js'
import { action } from '../../machine/module.js'
import { enterCandidates } from './candidates.js'
import { ownValidator } from './owned.js'
import { validators } from './validator.js'

/** Lets a validator that was jailed, or gave way to larger ones, stand for election again: `staking/unjail`. */
export const unjail = action(StakingUnjail, 4_000, (context, payload) => {
  const key = idOf(payload.validator)
  const { jailedUntilMs, ...validator } = ownValidator(context, key)
  if (validator.tombstoned) {
    throw ledgerError('LEDGER_FORBIDDEN', `validator ${key} broke consensus and is never elected again`)
  }
  if (jailedUntilMs !== undefined && jailedUntilMs > context.timeMs) {
    throw ledgerError('LEDGER_TOO_EARLY', `validator ${key} is jailed until ${jailedUntilMs}`, {
      jailedUntilMs,
    })
  }
  validators.set(context.draft, key, validator)
  enterCandidates(context.draft, key)
  context.emit({ kind: 'staking/unjailed', accounts: [context.sender], fields: { validator: key } })
})
