import { AccountsRotate } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { action } from '../../machine/module.js'
import { accountOf, accounts } from './account.js'
import { checkKeys } from './keys.js'

/** Replaces the keys of an account: `accounts/rotate`. */
export const rotate = action(AccountsRotate, 400, (context, { keys }) => {
  if (keys === undefined) throw ledgerError('LEDGER_BAD_ACTION', 'no keys to rotate to')
  checkKeys(keys)
  accounts.set(context.draft, context.sender, { ...accountOf(context, context.sender), keys })
  context.emit({
    kind: 'accounts/rotated',
    accounts: [context.sender],
    fields: { threshold: keys.threshold },
  })
})
