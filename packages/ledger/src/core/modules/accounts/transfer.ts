import { AccountsTransfer } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { idOf } from '../../hex.js'
import { action } from '../../machine/module.js'
import { credit, debit } from './account.js'

/** Gives liquid coins to another account: `accounts/transfer`. Earned and granted ones are nobody else's. */
export const transfer = action(AccountsTransfer, 40, (context, { to, amount }) => {
  const recipient = idOf(to)
  if (amount === 0n) throw ledgerError('LEDGER_BAD_ACTION', 'a transfer of nothing')
  credit(context, recipient, debit(context, context.sender, amount, ['liquid']))
  context.emit({
    kind: 'accounts/transferred',
    accounts: [context.sender, recipient],
    fields: { from: context.sender, to: recipient, amount },
  })
})
