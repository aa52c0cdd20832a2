import { ChannelsWithdraw } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { idOf } from '../../hex.js'
import { action } from '../../machine/module.js'
import { channelOfParty, endChannel } from './channel.js'

/** Takes back what is left, when the grace time is over: `channels/withdraw`. */
export const withdraw = action(ChannelsWithdraw, 80, (context, payload) => {
  const id = idOf(payload.channel)
  const channel = channelOfParty(context, id, 'payer')
  const { closeRequestedAtMs } = channel
  if (closeRequestedAtMs === undefined) {
    throw ledgerError('LEDGER_TOO_EARLY', `nobody asked for the end of channel ${id}: request it first`)
  }
  const endsMs = closeRequestedAtMs + Number(context.parameters.of('channels/graceMs'))
  if (context.timeMs < endsMs) {
    throw ledgerError('LEDGER_TOO_EARLY', `the payee of channel ${id} may settle until ${endsMs}`, { endsMs })
  }
  endChannel(context, id, channel)
})
