import type { Client } from '@neurovoyance/client'
import type { Host } from '@neurovoyance/p2p'
import { TOPICS } from '@neurovoyance/protocol'
import type { Executor } from '@neurovoyance/runtime/node'
import { createAnnouncer, type OfferContent } from '@neurovoyance/scheduler'
import { hostedModels } from '../models/hosted-models.js'
import type { ModelStore } from '../models/model-store.js'
import type { Service, ServiceFactory } from '../service.js'
import type { CapabilityService } from './capability.js'
import type { PaymentsService } from './payments.js'
import type { PreloadService } from './preload.js'

interface Needs {
  network: Host
  client: Client
  models: ModelStore
  executor: Executor
  capability?: CapabilityService
  preload?: PreloadService
  /** Says what runs cost; they are free without it. */
  payments?: Pick<PaymentsService, 'price'>
}

/** A node that has no more peers than these may have spoken to nobody so far. */
const FIRST_PEERS = 2

/** Spreads what this node can run, how fast and how busy it is, signed, every few seconds and at every change. */
export function offers({ region }: { region: string }): ServiceFactory<Needs, Service> {
  return (
    { network, client, models, executor, capability, preload, payments },
    { clock, random, logger },
  ) => {
    const describe = (): OfferContent => {
      const { queueDepth, slots } = executor.status()
      const measured = capability?.measured()
      return {
        region,
        queueDepth,
        slots,
        price: payments?.price ?? { scheme: 'free' },
        models: hostedModels(models, executor),
        ...(measured && { capability: measured }),
      }
    }
    client.market.peerSeen(network.peerId)
    const announcer = createAnnouncer({
      signer: network.signer,
      describe,
      async publish(sealed, offer) {
        await client.market.acceptOffer(sealed, offer.peerId)
        await network.gossip.publish(TOPICS.offers, sealed)
      },
      networkSize: () => client.market.size,
      onError: error => logger.debug({ error }, 'an offer could not be published'),
      clock,
      random,
    })
    const stopListening = models.onChange(announcer.changed)
    const stopLoads = preload?.onLoaded(announcer.changed)
    // Nobody has heard what was said to nobody; who comes later asks for offers, and hears the next one.
    const stopPeers = network.onPeer(
      ({ type }) => type === 'connect' && network.peers().length <= FIRST_PEERS && announcer.changed(),
    )
    void capability?.done.then(announcer.changed)
    return {
      async close() {
        stopListening()
        stopLoads?.()
        stopPeers()
        await announcer.close()
      },
    }
  }
}
