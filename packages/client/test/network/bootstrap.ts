import type { Host } from '@neurovoyance/p2p'
import { createBootstrapHost, type ListenInit } from '@neurovoyance/p2p/node'
import { MarketService, TOPICS } from '@neurovoyance/protocol'
import { createMarket, type Market } from '@neurovoyance/scheduler'

/** A bootstrap that keeps a view of the market. */
export interface TestBootstrap {
  readonly host: Host
  readonly market: Market
}

/** Starts a bootstrap that lists the offers which it hears. */
export async function startBootstrap(listen: ListenInit): Promise<TestBootstrap> {
  const host = await createBootstrapHost({ listen })
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
    RequestHosting: () => ({ body: { accepted: false, reason: 'this node hosts no models' } }),
  })
  return { host, market }
}
