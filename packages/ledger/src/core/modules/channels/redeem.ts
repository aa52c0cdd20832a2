import { formatAmount } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { type Id, idOf } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { SPEND, takeFrom } from '../accounts/purse.js'
import { settleWork } from '../rewards/settle-work.js'
import { channels, type OpenChannel } from './channel.js'
import { checkVoucher, type OpenVoucher, voucherChannel } from './voucher.js'

/**
 * Pays the payee what a voucher is worth beyond what was paid before.
 *
 * @returns the channel after it
 * @throws LedgerError with the code that `checkVoucher` gives
 */
export function redeem(
  context: BlockContext,
  id: Id,
  channel: OpenChannel,
  opened: OpenVoucher,
): OpenChannel {
  const { chainId, parameters, verify, draft } = context
  const problem = checkVoucher(voucherChannel(chainId, id, channel), opened, {
    leastStep: parameters.of('channels/leastStep'),
    verify,
  })
  const { voucher } = opened
  if (problem !== undefined) {
    throw ledgerError(problem, `the voucher of ${formatAmount(voucher.cumulative)} NVY cannot be redeemed`, {
      channel: id,
      cumulative: String(voucher.cumulative),
      settled: String(channel.settled),
    })
  }
  const amount = voucher.cumulative - channel.settled
  const { taken, left } = takeFrom(channel.deposit, amount, SPEND)
  const after = { ...channel, deposit: left, settled: voucher.cumulative }
  channels.set(draft, id, after)
  const payer = idOf(channel.payer)
  const worker = idOf(channel.payee)
  settleWork(context, { payer, worker, coins: taken, chosenBy: 'payer' })
  context.emit({
    kind: 'channels/settled',
    accounts: [payer, worker],
    fields: {
      channel: id,
      amount,
      cumulative: voucher.cumulative,
      job: idOf(voucher.jobId),
      transcript: idOf(voucher.transcriptRoot),
    },
  })
  return after
}
