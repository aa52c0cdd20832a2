import { join } from 'node:path'
import type { Client } from '@neurovoyance/client'
import type { Artifacts } from '@neurovoyance/p2p/artifacts'
import type { ModelStore } from '../models/model-store.js'
import { openModelStore } from '../models/open-model-store.js'
import type { ServiceFactory } from '../service.js'

interface Needs {
  artifacts: Artifacts
  /** Knows who hosts what; without it, files are looked for in the DHT alone. */
  client?: Client
}

/** Keeps this node's models below its home folder. */
export function models({ home }: { home: string }): ServiceFactory<Needs, ModelStore> {
  return ({ artifacts, client }, { logger }) =>
    openModelStore({
      artifacts,
      file: join(home, 'models.json'),
      staging: join(home, 'staging'),
      ...(client && { hosts: (model: string) => client.market.offersFor(model).map(({ peerId }) => peerId) }),
      logger,
    })
}
