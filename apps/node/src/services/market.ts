import type { Client } from '@neurovoyance/client'
import type { Host } from '@neurovoyance/p2p'
import { MarketService, TOPICS } from '@neurovoyance/protocol'
import type { Service, ServiceFactory } from '../service.js'
import type { HostingService } from './hosting.js'

interface Needs {
  network: Host
  client: Client
  hosting?: HostingService
}

/** Passes on the offers that this node knows, hears what models are missed, and takes wishes to host one. */
export function market(): ServiceFactory<Needs, Service> {
  return ({ network, client, hosting }) => {
    const stopDemand = network.gossip.subscribe(
      TOPICS.demand,
      async ({ data, via }) => (await client.market.acceptDemand(data, via)).verdict,
    )
    const stopServing = network.rpc.serve(MarketService, {
      ListOffers: ({ body: { model, limit } }) => ({
        body: {
          offers: client.market.sealedOffers({
            ...(model !== undefined && { model }),
            ...(limit > 0 && { limit }),
          }),
        },
      }),
      RequestHosting: ({ body }) => ({
        body: hosting?.request(body) ?? { accepted: false, reason: 'this node hosts no models' },
      }),
    })
    return {
      close() {
        stopDemand()
        stopServing()
      },
    }
  }
}
