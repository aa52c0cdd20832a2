import { ChannelsClose } from '@neurovoyance/protocol'
import { idOf } from '../../hex.js'
import { action } from '../../machine/module.js'
import { channelOfParty, endChannel } from './channel.js'
import { redeem } from './redeem.js'
import { openVoucher } from './voucher.js'

/** Ends a channel at once, after a last voucher where there is one: `channels/close`, by the payee. */
export const close = action(ChannelsClose, 450, (context, { channel, voucher }) => {
  const id = idOf(channel)
  const before = channelOfParty(context, id, 'payee')
  endChannel(context, id, voucher === undefined ? before : redeem(context, id, before, openVoucher(voucher)))
})
