import type { Client } from '@neurovoyance/client'
import type { Host } from '@neurovoyance/p2p'
import type { Executor } from '@neurovoyance/runtime/node'
import { createHosting, type Hosting } from '@neurovoyance/scheduler'
import type { Config } from '../config/schema.js'
import type { ModelStore } from '../models/model-store.js'
import type { Service, ServiceFactory } from '../service.js'

/** Decides what this node hosts; others may ask it. */
export type HostingService = Service & Pick<Hosting, 'request' | 'used'>

interface Needs {
  network: Pick<Host, 'peerId'>
  client: Pick<Client, 'market'>
  models: Pick<ModelStore, 'add' | 'list' | 'remove' | 'onChange'>
  /** Runs what is hosted: a model that it could not load is not fetched. */
  executor: Pick<Executor, 'status'>
}

const MiB = 1024 * 1024

/** Hosts what the network misses, within this machine's limits; what its owner added stays. */
export function hosting({ config }: { config: Config['hosting'] }): ServiceFactory<Needs, HostingService> {
  return ({ network, client, models, executor }, { logger, clock, random }) => {
    if (!config.auto) {
      return {
        request: () => ({ accepted: false, reason: 'this node hosts only what its owner adds' }),
        used: () => undefined,
      }
    }
    const running = createHosting({
      peerId: network.peerId,
      market: client.market,
      limits: { diskBytes: config.diskMiB * MiB, memoryBytes: executor.status().memoryLimitBytes },
      present: models.list(),
      store: {
        fetch: (model, { signal }) => models.add({ kind: 'cid', cid: model }, { signal, pinned: false }),
        remove: model => models.remove(model),
      },
      onError: (model, error) => logger.warn({ model, error }, 'a model could not be hosted'),
      clock,
      random,
    })
    const stopListening = models.onChange(({ type, model }) => {
      if (type === 'removed') running.remove(model.model)
      else if (model.pinned) running.add(model)
    })
    return {
      request: running.request,
      used: running.used,
      close() {
        stopListening()
        running.close()
      },
    }
  }
}
