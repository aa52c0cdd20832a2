import { type PayersWish, payerMessage } from '@neurovoyance/client/pay'
import { idOf, type Verify } from '@neurovoyance/ledger'
import type { CloseChannelRequest, StatementRequest } from '@neurovoyance/protocol'
import type { HeldChannel } from './held-channels.js'
import type { NodeTill } from './node-till.js'
import type { Redeemer } from './redeemer.js'
import { paymentRefused } from './refusals.js'

/** What payers are answered from. */
export interface PayerHandlersInit {
  readonly till: Pick<NodeTill, 'channels' | 'setPayer'>
  readonly redeemer: Pick<Redeemer, 'end'>
  readonly chainId: string
  /** This node's peer id: what a payer signs is for this node alone. */
  readonly node: string
  readonly verify: Verify
}

/**
 * Handlers of `PaymentService`. Who pays a channel is told of it and may have its end: nobody else, whoever knows its id.
 *
 * Each throws NodeError `NODE_PAYMENT_REFUSED` for a channel that is not here, and for a signature of somebody else.
 */
export function createPayerHandlers({ till, redeemer, chainId, node, verify }: PayerHandlersInit) {
  function held(wish: PayersWish, { channel, signature }: StatementRequest): HeldChannel {
    const id = idOf(channel)
    const found = till.channels.get(id)
    if (found === undefined) throw paymentRefused('closed', `This node holds nothing of the channel ${id}.`)
    const message = payerMessage(wish, { chainId, channel: id, node })
    if (signature !== undefined && verify(found.channel.signer, message, signature)) return found
    throw paymentRefused('signature', 'Only the payer of a channel is told of it, or has its end.')
  }
  return {
    Statement({ body }: { body: StatementRequest }, { peerId }: { peerId: string }) {
      const { channel, voucher } = held('statement', body)
      till.setPayer(channel.id, peerId)
      return { body: { spent: channel.spent, ...(voucher && { voucher }) } }
    },
    async Close({ body }: { body: CloseChannelRequest }) {
      const { channel } = held('close', body)
      return { body: { transaction: await redeemer.end(channel.id, body.voucher) } }
    },
  }
}
