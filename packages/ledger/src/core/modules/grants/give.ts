import { formatAmount, GrantsGive, type SponsorRecord } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { type Id, idOf } from '../../hex.js'
import type { ActionContext } from '../../machine/context.js'
import { action } from '../../machine/module.js'
import { credit } from '../accounts/account.js'
import { grantedPurse } from '../accounts/purse.js'
import { epochOf } from '../time/time.js'
import { guests, sponsors } from './records.js'

/**
 * Gives a newcomer granted coins: `grants/give`, by a sponsor. Granted coins are spent in the network and nothing
 * else; but who works for himself with them has earned coins in the end. So what one guest gets is small, and what
 * all can launder is less than the sponsors' budgets.
 */
export const give = action(GrantsGive, 60, (context, { guest, amount }) => {
  const { draft, sender } = context
  const id = idOf(guest)
  if (amount === 0n) throw ledgerError('LEDGER_BAD_ACTION', 'a grant of nothing')
  const received = (guests.get(draft, id)?.received ?? 0n) + amount
  sponsors.set(draft, sender, afterGift(context, amount))
  guests.set(draft, id, { received: withinGuest(context, id, received) })
  credit(context, id, grantedPurse(amount))
  context.emit({
    kind: 'grants/given',
    accounts: [sender, id],
    fields: { sponsor: sender, guest: id, amount },
  })
})

function afterGift(context: ActionContext, amount: bigint): SponsorRecord {
  const { draft, sender, parameters } = context
  const sponsor = sponsors.get(draft, sender)
  if (sponsor === undefined) throw ledgerError('LEDGER_FORBIDDEN', `${sender} is no sponsor`)
  if (amount > sponsor.budget) {
    throw ledgerError(
      'LEDGER_INSUFFICIENT_FUNDS',
      `the sponsor has ${formatAmount(sponsor.budget)} NVY left`,
      {
        available: String(sponsor.budget),
      },
    )
  }
  const epoch = epochOf(context)
  const given = (sponsor.epoch === epoch ? sponsor.given : 0n) + amount
  const most = parameters.of('grants/mostPerEpoch')
  if (given > most) {
    throw ledgerError('LEDGER_TOO_LARGE', `a sponsor gives ${formatAmount(most)} NVY an epoch at most`, {
      most: String(most),
    })
  }
  return { budget: sponsor.budget - amount, epoch, given }
}

function withinGuest({ parameters }: ActionContext, guest: Id, received: bigint): bigint {
  const most = parameters.of('grants/mostPerGuest')
  if (received <= most) return received
  throw ledgerError('LEDGER_TOO_LARGE', `a newcomer gets ${formatAmount(most)} NVY at most`, {
    guest,
    most: String(most),
  })
}
