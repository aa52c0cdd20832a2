import { ChannelsOpen, formatAmount } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { isSoundKey } from '../../crypto/zip215.js'
import { bytesOf, idOf } from '../../hex.js'
import { action } from '../../machine/module.js'
import { debit } from '../accounts/account.js'
import { SPEND } from '../accounts/purse.js'
import { channelId, channels } from './channel.js'

/** Opens a channel to a worker: `channels/open`. What vests cannot be put in. */
export const open = action(ChannelsOpen, 500, (context, { payee, signer, deposit, index }) => {
  const { draft, chainId, sender, nonce, parameters } = context
  const least = parameters.of('channels/leastDeposit')
  if (deposit < least) {
    throw ledgerError('LEDGER_TOO_SMALL', `a channel is opened with ${formatAmount(least)} NVY at least`, {
      least: String(least),
    })
  }
  if (idOf(payee) === sender) throw ledgerError('LEDGER_BAD_ACTION', 'a channel to oneself')
  if (!isSoundKey(signer)) throw ledgerError('LEDGER_BAD_KEYS', 'vouchers cannot be signed with this key')
  const id = channelId({ chainId, account: sender, nonce, index })
  if (channels.get(draft, id) !== undefined) {
    throw ledgerError('LEDGER_CONFLICT', `this transaction opened channel ${id} before`, { index })
  }
  const coins = debit(context, sender, deposit, SPEND)
  channels.set(draft, id, { payer: bytesOf(sender), payee, signer, deposit: coins, settled: 0n })
  context.emit({
    kind: 'channels/opened',
    accounts: [sender, idOf(payee)],
    fields: { channel: id, payer: sender, payee: idOf(payee), signer: idOf(signer), deposit },
  })
})
