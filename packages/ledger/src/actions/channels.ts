import {
  type Action,
  ChannelsClose,
  ChannelsOpen,
  ChannelsRequestClose,
  ChannelsSettle,
  ChannelsTopUp,
  ChannelsWithdraw,
  type SignedVoucher,
} from '@neurovoyance/protocol'
import { type AccountName, accountBytes } from './account-name.js'

/** A channel from the sender to a worker. */
export interface ChannelOpening {
  readonly payee: AccountName
  /** The key that will sign vouchers: a hot one of the payer's. */
  readonly signer: Uint8Array
  readonly deposit: bigint
  /** Tells channels apart that one transaction opens; 0 when left out. */
  readonly index?: number
}

/** Opens a channel. */
export const openChannel = ({ payee, signer, deposit, index = 0 }: ChannelOpening): Action => ({
  kind: 'channels/open',
  payload: ChannelsOpen.encode({ payee: accountBytes(payee), signer, deposit, index }),
})

/** Adds to a channel's deposit. */
export const topUpChannel = (channel: Uint8Array, amount: bigint): Action => ({
  kind: 'channels/topUp',
  payload: ChannelsTopUp.encode({ channel, amount }),
})

/** Pays out what a voucher is worth beyond what was paid before. */
export const settleChannel = (voucher: SignedVoucher): Action => ({
  kind: 'channels/settle',
  payload: ChannelsSettle.encode({ voucher }),
})

/** Ends a channel at once, by its payee, after a last voucher. */
export const closeChannel = (channel: Uint8Array, voucher?: SignedVoucher): Action => ({
  kind: 'channels/close',
  payload: ChannelsClose.encode({ channel, voucher }),
})

/** Asks for the end of a channel, by its payer. */
export const requestChannelClose = (channel: Uint8Array): Action => ({
  kind: 'channels/requestClose',
  payload: ChannelsRequestClose.encode({ channel }),
})

/** Takes the rest of a deposit back when the grace time is over. */
export const withdrawFromChannel = (channel: Uint8Array): Action => ({
  kind: 'channels/withdraw',
  payload: ChannelsWithdraw.encode({ channel }),
})
