import { ChannelsTopUp, formatAmount } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { idOf } from '../../hex.js'
import { action } from '../../machine/module.js'
import { debit } from '../accounts/account.js'
import { joined, SPEND } from '../accounts/purse.js'
import { channelOfParty, channels } from './channel.js'

/** Adds to the deposit of a channel, and takes back a request for its end: `channels/topUp`. */
export const topUp = action(ChannelsTopUp, 80, (context, { channel, amount }) => {
  const id = idOf(channel)
  const { closeRequestedAtMs: _, ...before } = channelOfParty(context, id, 'payer')
  const least = context.parameters.of('channels/leastTopUp')
  if (amount < least) {
    throw ledgerError('LEDGER_TOO_SMALL', `a channel is topped up with ${formatAmount(least)} NVY at least`, {
      least: String(least),
    })
  }
  const deposit = joined(before.deposit, debit(context, context.sender, amount, SPEND))
  channels.set(context.draft, id, { ...before, deposit })
  context.emit({
    kind: 'channels/toppedUp',
    accounts: [context.sender, idOf(before.payee)],
    fields: { channel: id, amount },
  })
})
