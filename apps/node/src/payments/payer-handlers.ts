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
 * A channel that was opened and never used is taken up from the ledger first: its coins need not wait for the grace time.
 *
 * Each throws NodeError `NODE_PAYMENT_REFUSED` for a channel that the ledger has not, or that pays somebody else, and for
 * a signature of somebody else.
 */
export function createPayerHandlers({ till, redeemer, chainId, node, verify }: PayerHandlersInit) {
  async function held(wish: PayersWish, { channel, signature }: StatementRequest): Promise<HeldChannel> {
    const id = idOf(channel)
    if (till.channels.get(id) === undefined) await till.channels.open(id)
    const found = till.channels.get(id)
    if (found === undefined) throw paymentRefused('closed', `There is no channel ${id}, or not any more.`)
    const message = payerMessage(wish, { chainId, channel: id, node })
    if (signature !== undefined && verify(found.channel.signer, message, signature)) return found
    throw paymentRefused('signature', 'Only the payer of a channel is told of it, or has its end.')
  }
  return {
    async Statement({ body }: { body: StatementRequest }, { peerId }: { peerId: string }) {
      const { channel, voucher } = await held('statement', body)
      till.setPayer(channel.id, peerId)
      return { body: { spent: channel.spent, ...(voucher && { voucher }) } }
    },
    async Close({ body }: { body: CloseChannelRequest }) {
      const { channel } = await held('close', body)
      return { body: { transaction: await redeemer.end(channel.id, body.voucher) } }
    },
  }
}
