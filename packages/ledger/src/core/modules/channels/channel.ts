import { ChannelRecord, type Purse } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { type Id, idOf } from '../../hex.js'
import type { ActionContext, BlockContext } from '../../machine/context.js'
import { collection } from '../../state/collection.js'
import { credit } from '../accounts/account.js'
import { escrowHoldings, escrowOf } from '../escrow/escrow.js'
import { type Beginning, escrowId } from '../escrow/escrow-id.js'

/** Open channels by id; closed ones are gone, and their ids never come back. */
export const channels = collection<ChannelRecord>('channels', {
  codec: ChannelRecord,
  holdings: ({ deposit }) => escrowHoldings(deposit),
})

/** The id of a channel that an account opens. */
export const channelId = (opening: Beginning): Id => escrowId('neurovoyance/channel/1', opening)

/** A channel with its deposit. */
export type OpenChannel = ChannelRecord & { readonly deposit: Purse }

/** @throws LedgerError `LEDGER_NOT_FOUND` for a channel that was closed or never opened */
export function channelOf({ draft }: Pick<BlockContext, 'draft'>, id: Id): OpenChannel {
  const channel = channels.get(draft, id)
  if (channel === undefined) {
    throw ledgerError('LEDGER_NOT_FOUND', `channel ${id} was closed or never opened`, { channel: id })
  }
  return { ...channel, deposit: escrowOf(channel.deposit) }
}

/**
 * A channel of the account that asks.
 *
 * @throws LedgerError `LEDGER_NOT_FOUND`, `LEDGER_FORBIDDEN`
 */
export function channelOfParty(context: ActionContext, id: Id, party: 'payer' | 'payee'): OpenChannel {
  const channel = channelOf(context, id)
  if (idOf(channel[party]) !== context.sender) {
    throw ledgerError('LEDGER_FORBIDDEN', `only the ${party} of channel ${id} may do this`, { channel: id })
  }
  return channel
}

/** Ends a channel: what is left goes back to the payer as what it was. */
export function endChannel(
  context: BlockContext,
  id: Id,
  { payer, payee, deposit, settled }: OpenChannel,
): void {
  channels.delete(context.draft, id)
  credit(context, idOf(payer), deposit)
  context.emit({
    kind: 'channels/closed',
    accounts: [idOf(payer), idOf(payee)],
    fields: { channel: id, settled },
  })
}
