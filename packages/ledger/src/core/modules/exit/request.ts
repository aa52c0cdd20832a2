import { ExitRequest, formatAmount, LIMITS } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { action } from '../../machine/module.js'
import { debit } from '../accounts/account.js'
import { EXIT_UNIT, enqueueEarned } from './enqueue.js'

/** Puts earned coins of the sender into the exit queue: `exit/request`. */
export const request = action(ExitRequest, 300, (context, { amount }) => {
  if (amount % EXIT_UNIT !== 0n) {
    throw ledgerError(
      'LEDGER_BAD_ACTION',
      `${formatAmount(amount)} NVY is not a multiple of ${formatAmount(EXIT_UNIT)} NVY`,
    )
  }
  const least = context.parameters.of('exit/least')
  if (amount < least) {
    throw ledgerError('LEDGER_TOO_SMALL', `a request is for ${formatAmount(least)} NVY at least`, {
      least: String(least),
    })
  }
  const coins = debit(context, context.sender, amount, ['earned'], 'oldest')
  if (enqueueEarned(context, context.sender, coins) < amount) {
    throw ledgerError('LEDGER_TOO_LARGE', `an account has requests of ${LIMITS.exitPositions} epochs at most`)
  }
})
