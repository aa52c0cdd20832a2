import { ChannelsClose } from '@neurovoyance/protocol'
import { idOf } from '../../hex.js'
import { action } from '../../machine/module.js'
import { channelOf, channelOfParty, endChannel } from './channel.js'
import { redeem } from './redeem.js'
import { openVoucher, voucherSignature } from './voucher.js'

/** Ends a channel at once, after a last voucher where there is one: `channels/close`, by the payee. */
export const close = action(
  ChannelsClose,
  450,
  (context, { channel, voucher }) => {
    const id = idOf(channel)
    const before = channelOfParty(context, id, 'payee')
    const after = voucher === undefined ? before : redeem(context, id, before, openVoucher(voucher))
    endChannel(context, id, after)
  },
  ({ draft, chainId }, { channel, voucher }) => {
    if (voucher === undefined) return undefined
    const { signer } = channelOf({ draft }, idOf(channel))
    return voucherSignature({ chainId, signer }, openVoucher(voucher))
  },
)
