import { errorCode } from '@neurovoyance/protocol'
import type { ClientContext } from '../context.js'
import { isFree, type PaidRequest, type PaidWork } from '../paying-port.js'

/** Whether all that are known to host a model work for nothing, this node itself among them. */
export function isFreeEverywhere({ market, host }: ClientContext, { resolved }: PaidWork): boolean {
  const hosts = [...market.hosts(resolved.model).values()]
  return (
    hosts.length > 0 &&
    hosts.every(({ peerId, entry }) => peerId === host.peerId || isFree(entry.offer.price))
  )
}

/**
 * A request that needs no purse, and so no chain; a node that asks a price all the same is paid.
 *
 * @param paid makes the request one that is paid
 */
export const freeRequest = (
  { host }: Pick<ClientContext, 'host'>,
  paid: () => Promise<PaidRequest>,
): PaidRequest => ({
  fare: (peerId, price) => (peerId === host.peerId || isFree(price) ? 0n : undefined),
  async send(node, signal, attempt) {
    try {
      return await attempt(undefined)
    } catch (error) {
      if (errorCode(error) !== 'NODE_PAYMENT_REQUIRED') throw error
      return (await paid()).send(node, signal, attempt)
    }
  },
})
