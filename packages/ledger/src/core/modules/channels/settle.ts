import { ChannelsSettle } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { idOf } from '../../hex.js'
import { action } from '../../machine/module.js'
import { channelOf } from './channel.js'
import { redeem } from './redeem.js'
import { openVoucher } from './voucher.js'

/**
 * Redeems a channel's latest voucher: `channels/settle`. The payee asks, or a watchtower in its place; several
 * channels are settled by several actions of one transaction.
 */
export const settle = action(ChannelsSettle, 400, (context, { voucher }) => {
  if (voucher === undefined) throw ledgerError('LEDGER_BAD_ACTION', 'no voucher to settle')
  const opened = openVoucher(voucher)
  const id = idOf(opened.voucher.channelId)
  redeem(context, id, channelOf(context, id), opened)
})
