import type { Executor, ExecutorStatus } from '@neurovoyance/runtime/node'
import type { InstalledModel, ModelStore } from '../models/model-store.js'
import type { Service, ServiceFactory } from '../service.js'

/** Keeps this node's models in memory as far as there is room. */
export interface PreloadService extends Service {
  /** Calls `listener` when a model has been loaded; returns a function that stops that. */
  onLoaded(listener: (model: string) => void): () => void
}

interface Needs {
  models: Pick<ModelStore, 'list' | 'get' | 'onChange'>
  executor: Pick<Executor, 'load' | 'unload'> & { status(): Pick<ExecutorStatus, 'roomBytes'> }
}

/** Loads share the executor's time with clients as one more of them. */
const CLIENT = 'preload'

/**
 * Loads models before anybody asks for them, one after the other, and lets go of those that are removed. A model
 * for which no room is left waits for its first run: nothing in use is put out for it.
 */
export function preload(): ServiceFactory<Needs, PreloadService> {
  return ({ models, executor }, { logger }) => {
    const listeners = new Set<(model: string) => void>()
    const closing = new AbortController()
    const { signal } = closing
    let loading = Promise.resolve()

    async function load(bundle: InstalledModel): Promise<void> {
      const { model, bytes } = bundle
      for (const { key, path } of defaultFirst(bundle)) {
        const wanted = models.get(model) !== undefined && !signal.aborted
        if (!wanted || bytes > executor.status().roomBytes) return
        await executor.load({ id: key, path }, { warmUp: false, client: CLIENT, signal })
      }
      for (const listener of listeners) listener(model)
    }

    const loadSoon = (bundle: InstalledModel) => {
      loading = loading
        .then(() => load(bundle))
        .catch((error: unknown) => {
          if (!signal.aborted)
            logger.warn({ model: bundle.model, error }, 'a model could not be loaded ahead')
        })
    }

    for (const bundle of models.list()) loadSoon(bundle)
    const stopListening = models.onChange(({ type, model }) => {
      if (type === 'added') loadSoon(model)
      else for (const { key } of model.graphs) void executor.unload(key)
    })
    return {
      onLoaded(listener) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
      async close() {
        stopListening()
        closing.abort()
        await loading
      },
    }
  }
}

/** A bundle may have several graphs: the one that is meant where none is named goes first. */
function defaultFirst({ graphs, defaultGraph }: InstalledModel): InstalledModel['graphs'] {
  const isDefault = ({ name }: { name: string }) => name === defaultGraph
  return [...graphs.filter(isDefault), ...graphs.filter(graph => !isDefault(graph))]
}
