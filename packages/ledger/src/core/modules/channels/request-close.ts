import { ChannelsRequestClose } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { idOf } from '../../hex.js'
import { action } from '../../machine/module.js'
import { channelOfParty, channels } from './channel.js'

/** Asks for the end of a channel; the payee has the grace time to settle: `channels/requestClose`. */
export const requestClose = action(ChannelsRequestClose, 60, (context, payload) => {
  const id = idOf(payload.channel)
  const channel = channelOfParty(context, id, 'payer')
  if (channel.closeRequestedAtMs !== undefined) {
    throw ledgerError('LEDGER_CONFLICT', `the end of channel ${id} was asked for before`, { channel: id })
  }
  const { timeMs, parameters } = context
  channels.set(context.draft, id, { ...channel, closeRequestedAtMs: timeMs })
  context.emit({
    kind: 'channels/closeRequested',
    accounts: [context.sender, idOf(channel.payee)],
    fields: { channel: id, endsMs: timeMs + Number(parameters.of('channels/graceMs')) },
  })
})
