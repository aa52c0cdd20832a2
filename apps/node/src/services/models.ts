import { join } from 'node:path'
import type { Artifacts } from '@neurovoyance/p2p/artifacts'
import { type ModelStore, openModelStore } from '../models/store.js'
import type { ServiceFactory } from '../service.js'

/** Keeps this node's models below its home folder. */
export function models({ home }: { home: string }): ServiceFactory<{ artifacts: Artifacts }, ModelStore> {
  return ({ artifacts }, { logger }) =>
    openModelStore({ artifacts, file: join(home, 'models.json'), staging: join(home, 'staging'), logger })
}
