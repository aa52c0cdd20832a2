import { join } from 'node:path'
import { type Logger, silentLogger, systemClock, systemRandom } from '@neurovoyance/protocol'
import { createExecutor, type Executor } from '@neurovoyance/runtime/node'
import { add } from '@neurovoyance/testing/models'
import { afterEach, expect, it } from 'vitest'
import type { InstalledModel, ModelStore } from '../../src/models/model-store.js'
import { type PreloadService, preload } from '../../src/services/preload.js'
import { clientOf, hiveOf, saveModel } from '../hive/fixture.js'

let executor: Executor
let service: PreloadService

afterEach(async () => {
  await service?.close?.()
  await executor?.close()
})

it('loads what is there, then what comes, and lets go of what goes', async () => {
  const store = storeOf(await bundleOf('first'))
  await start(store)
  await loaded('first')
  const second = await bundleOf('second')
  const secondLoaded = loaded('second')
  store.put(second)
  await secondLoaded
  expect(inMemory().sort()).toEqual(['first/model', 'second/model'])
  store.remove('first')
  expect(inMemory()).toEqual(['second/model'])
})

it('puts nothing out for a model that there is no room for', async () => {
  const store = storeOf(await bundleOf('small'))
  await start(store, { cacheLimitBytes: 200 * 2 ** 20 })
  await loaded('small')
  const { roomBytes } = executor.status()
  store.put({ ...(await bundleOf('large')), bytes: roomBytes + 1 })
  const lastLoaded = loaded('last')
  store.put(await bundleOf('last'))
  await lastLoaded
  expect(inMemory().sort()).toEqual(['last/model', 'small/model'])
})

it('goes on after a model that does not load, and says so', async () => {
  const warned: unknown[] = []
  const broken = await bundleOf('broken')
  const store = storeOf({ ...broken, graphs: broken.graphs.map(graph => ({ ...graph, path: '/nowhere' })) })
  await start(store, {}, { ...silentLogger, warn: details => void warned.push(details) })
  const goodLoaded = loaded('good')
  store.put(await bundleOf('good'))
  await goodLoaded
  expect(inMemory()).toEqual(['good/model'])
  expect(warned).toMatchObject([{ model: 'broken', error: { code: 'RUNTIME_MODEL_NOT_FOUND' } }])
})

it('is told to clients', async () => {
  await using hive = await hiveOf({ nodes: 1 })
  await using client = await clientOf(hive)
  const { model } = await hive.addModel(await saveModel(add()))
  const hosts = () => [...client.market.hosts(model).values()]
  const { promise, resolve } = Promise.withResolvers<void>()
  const look = () => hosts().some(({ hosted }) => hosted.loaded) && resolve()
  client.market.onHost(look)
  await client.feed.refresh({ model })
  look()
  await promise
  expect(hosts()).toMatchObject([{ peerId: hive.nodes[0]!.peerId, hosted: { model, loaded: true } }])
})

async function start(
  models: ReturnType<typeof storeOf>,
  init: { cacheLimitBytes?: number } = {},
  logger: Logger = silentLogger,
): Promise<void> {
  executor = await createExecutor(init)
  service = await preload()({ models, executor }, { logger, clock: systemClock, random: systemRandom })
}

const loaded = (wanted: string) =>
  new Promise<void>(resolve => service.onLoaded(model => model === wanted && resolve()))

const inMemory = () =>
  executor
    .status()
    .models.filter(model => model.loaded)
    .map(({ id }) => id)

async function bundleOf(model: string): Promise<InstalledModel> {
  const test = add()
  const path = join(await saveModel(test), 'model.onnx')
  const graph = { name: 'model', file: 'model.onnx', key: `${model}/model`, path, inputs: [], outputs: [] }
  const bytes = test.bytes.byteLength
  return { model, name: model, bytes, pinned: true, defaultGraph: 'model', graphs: [graph] }
}

/** A store that is told what it holds. */
function storeOf(...models: InstalledModel[]) {
  const held = new Map(models.map(bundle => [bundle.model, bundle]))
  const listeners = new Set<Parameters<ModelStore['onChange']>[0]>()
  const tell = (type: 'added' | 'removed', model: InstalledModel) => {
    for (const listener of listeners) listener({ type, model })
  }
  return {
    list: () => [...held.values()],
    get: (model: string) => held.get(model),
    onChange(listener: Parameters<ModelStore['onChange']>[0]) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    put(bundle: InstalledModel) {
      held.set(bundle.model, bundle)
      tell('added', bundle)
    },
    remove(model: string) {
      const bundle = held.get(model)!
      held.delete(model)
      tell('removed', bundle)
    },
  }
}
