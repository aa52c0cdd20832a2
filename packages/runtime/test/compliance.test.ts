import { type BackendUnderTest, backendCompliance } from '@neurovoyance/testing/compliance'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { createExecutor, createNodeBackend, type Executor } from '../src/node/index.js'
import { createWebBackend } from '../src/web/index.js'
import { type TemporaryModels, temporaryModels } from './temporary-models.js'

describe('onnxruntime-node in this process', () => {
  for (const { name, run } of backendCompliance({ create: createNodeBackend })) it(name, run)
})

describe('onnxruntime-web, WASM, in this process', () => {
  const create = () => createWebBackend({ threads: 1 })
  for (const { name, run } of backendCompliance({ create })) it(name, run)
})

describe('an executor with its child', () => {
  let executor: Executor
  let models: TemporaryModels

  beforeAll(async () => {
    executor = await createExecutor({ threads: 1 })
    models = await temporaryModels()
  })

  afterAll(async () => {
    await executor.close()
    await models.remove()
  })

  async function create(): Promise<BackendUnderTest> {
    const loaded: string[] = []
    return {
      async load(source) {
        const model = await models.add(source)
        const signature = await executor.load(model)
        loaded.push(model.id)
        return {
          signature,
          run: async (inputs, outputs) =>
            (await executor.run({ model, inputs, ...(outputs === undefined ? {} : { outputs }) })).outputs,
          release: () => executor.unload(model.id),
        }
      },
      async close() {
        for (const id of loaded) await executor.unload(id)
      },
    }
  }

  for (const { name, run } of backendCompliance({ create })) it(name, run)
})
