import { ChannelsSettle } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { idOf } from '../../hex.js'
import { action } from '../../machine/module.js'
import { channelOf } from './channel.js'
import { redeem } from './redeem.js'
import { type OpenVoucher, openVoucher, voucherSignature } from './voucher.js'

/**
 * Redeems a channel's latest voucher: `channels/settle`. The payee asks, or a watchtower in its place; several
 * channels are settled by several actions of one transaction.
 */
export const settle = action(
  ChannelsSettle,
  400,
  (context, payload) => {
    const opened = voucherIn(payload)
    const id = idOf(opened.voucher.channelId)
    redeem(context, id, channelOf(context, id), opened)
  },
  ({ draft, chainId }, payload) => {
    const opened = voucherIn(payload)
    const { signer } = channelOf({ draft }, idOf(opened.voucher.channelId))
    return voucherSignature({ chainId, signer }, opened)
  },
)

function voucherIn({ voucher }: ChannelsSettle): OpenVoucher {
  if (voucher === undefined) throw ledgerError('LEDGER_BAD_ACTION', 'no voucher to settle')
  return openVoucher(voucher)
}
