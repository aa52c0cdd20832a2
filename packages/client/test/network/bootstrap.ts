import type { Host } from '@neurovoyance/p2p'
import { createBootstrapHost } from '@neurovoyance/p2p/node'
import { MarketService, TOPICS } from '@neurovoyance/protocol'
import { createMarket } from '@neurovoyance/scheduler'

/** Starts a bootstrap on loopback that keeps a view of the market and lists its offers. */
export async function startBootstrap(): Promise<Host> {
  const host = await createBootstrapHost({ listen: { host: '127.0.0.1' } })
  const market = createMarket({ verifier: host.verifier })
  host.gossip.subscribe(
    TOPICS.offers,
    async ({ data, from }) => (await market.acceptOffer(data, from)).verdict,
  )
  host.onPeer(({ type, peerId }) => (type === 'connect' ? market.peerSeen(peerId) : market.peerGone(peerId)))
  host.rpc.serve(MarketService, {
    ListOffers: ({ body: { model, limit } }) => ({
      body: {
        offers: market.sealedOffers({ ...(model !== undefined && { model }), ...(limit > 0 && { limit }) }),
      },
    }),
  })
  return host
}
