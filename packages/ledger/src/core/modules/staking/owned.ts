import type { ValidatorRecord } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { type Id, idOf } from '../../hex.js'
import type { ActionContext } from '../../machine/context.js'
import { validatorOf } from './validator.js'

/**
 * A validator of the sender.
 *
 * @throws LedgerError `LEDGER_NOT_FOUND`, `LEDGER_FORBIDDEN`
 */
export function ownValidator({ draft, sender }: ActionContext, key: Id): ValidatorRecord {
  const validator = validatorOf(draft, key)
  if (idOf(validator.owner) === sender) return validator
  throw ledgerError('LEDGER_FORBIDDEN', `validator ${key} belongs to somebody else`, { key })
}
