import type { Client } from '@neurovoyance/client'
import type { Host } from '@neurovoyance/p2p'
import { NeurovoyanceError } from '@neurovoyance/protocol'
import type { Executor } from '@neurovoyance/runtime/node'
import { createHosting, type Hosting } from '@neurovoyance/scheduler'
import type { Config } from '../config/schema.js'
import type { ModelStore } from '../models/model-store.js'
import type { Service, ServiceFactory } from '../service.js'

/**
 * Decides what this node hosts; others may ask it. A wish for a model that was fetched and found wanting is refused
 * with the error that says why, such as `ONNX_NOT_A_MODEL`.
 */
export type HostingService = Service & Pick<Hosting, 'request' | 'used'>

interface Needs {
  network: Pick<Host, 'peerId'>
  client: Pick<Client, 'market'>
  models: Pick<ModelStore, 'add' | 'list' | 'remove' | 'onChange'>
  /** Runs what is hosted: a model that it could not load is not fetched. */
  executor: Pick<Executor, 'status'>
}

const MiB = 1024 * 1024
/** Models remembered for what is wrong with them; the oldest is forgotten first. */
const REMEMBERED_FAULTS = 256

/** Hosts what the network misses, within this machine's limits; what its owner added stays. */
export function hosting({ config }: { config: Config['hosting'] }): ServiceFactory<Needs, HostingService> {
  return ({ network, client, models, executor }, { logger, clock, random }) => {
    if (!config.auto) {
      return {
        request: () => ({ accepted: false, reason: 'this node hosts only what its owner adds' }),
        used: () => undefined,
      }
    }
    const faults = createFaults()
    const running = createHosting({
      peerId: network.peerId,
      market: client.market,
      limits: { diskBytes: config.diskMiB * MiB, memoryBytes: executor.status().memoryLimitBytes },
      present: models.list(),
      store: {
        fetch: (model, { signal }) => models.add({ kind: 'cid', cid: model }, { signal, pinned: false }),
        remove: model => models.remove(model),
      },
      onError(model, error) {
        faults.note(model, error)
        logger.warn({ model, error }, 'a model could not be hosted')
      },
      clock,
      random,
    })
    const stopListening = models.onChange(({ type, model }) => {
      if (type === 'removed') running.remove(model.model)
      else if (model.pinned) running.add(model)
    })
    return {
      request(wish) {
        faults.assertNone(wish.model)
        return running.request(wish)
      },
      used: running.used,
      close() {
        stopListening()
        running.close()
      },
    }
  }
}

/** What was wrong with models that were fetched: it stays wrong, because a model's id is made of its bytes. */
function createFaults(): { note(model: string, error: unknown): void; assertNone(model: string): void } {
  const faults = new Map<string, NeurovoyanceError>()
  return {
    note(model, error) {
      if (!(error instanceof NeurovoyanceError) || !isFaultOfModel(error.code)) return
      faults.set(model, error)
      if (faults.size > REMEMBERED_FAULTS) faults.delete(faults.keys().next().value as string)
    },
    assertNone(model) {
      const fault = faults.get(model)
      if (fault !== undefined) throw fault
    },
  }
}

/** A file that could not be read is this machine's trouble. */
function isFaultOfModel(code: string): boolean {
  return code.startsWith('ONNX_') && code !== 'ONNX_READ_FAILED'
}
