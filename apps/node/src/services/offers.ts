import type { Client } from '@neurovoyance/client'
import type { Host } from '@neurovoyance/p2p'
import { type HostedModel, TOPICS } from '@neurovoyance/protocol'
import type { Executor } from '@neurovoyance/runtime/node'
import { createAnnouncer, type OfferContent } from '@neurovoyance/scheduler'
import type { InstalledModel, ModelStore } from '../models/model-store.js'
import type { Service, ServiceFactory } from '../service.js'
import type { CapabilityService } from './capability.js'

interface Needs {
  network: Host
  client: Client
  models: ModelStore
  executor: Executor
  capability?: CapabilityService
}

/** Spreads what this node can run, how fast and how busy it is, signed, every few seconds and at every change. */
export function offers({ region }: { region: string }): ServiceFactory<Needs, Service> {
  return ({ network, client, models, executor, capability }, { clock, random, logger }) => {
    const describe = (): OfferContent => {
      const { queueDepth, slots, models: runs } = executor.status()
      const measured = capability?.measured()
      return {
        region,
        queueDepth,
        slots,
        price: { scheme: 'free' },
        models: models.list().map(model => hostedModel(model, runs)),
        ...(measured && { capability: measured }),
      }
    }
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
    // Who has just come has heard nothing yet.
    const stopPeers = network.onPeer(({ type }) => type === 'connect' && announcer.changed())
    void capability?.done.then(announcer.changed)
    return {
      async close() {
        stopListening()
        stopPeers()
        await announcer.close()
      },
    }
  }
}

/** A bundle's speed is that of its slowest graph: the offer has one figure for all. */
function hostedModel(
  { model, name, bytes, graphs }: InstalledModel,
  runs: ReturnType<Executor['status']>['models'],
): HostedModel {
  const known = runs.filter(({ id }) => graphs.some(({ key }) => key === id))
  const medians = known.flatMap(({ p50Us }) => (p50Us === undefined ? [] : [p50Us]))
  return {
    model,
    name,
    bytes,
    loaded: known.some(({ loaded }) => loaded),
    inFlight: known.reduce((sum, { inFlight }) => sum + inFlight, 0),
    ...(medians.length > 0 && { p50Us: Math.max(...medians) }),
  }
}
