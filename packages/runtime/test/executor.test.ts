import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeTensorFrame, type TensorMap } from '@neurovoyance/protocol'
import {
  add,
  buildModel,
  iterations,
  node,
  slow,
  tenMillisecondMlp,
  value,
} from '@neurovoyance/testing/models'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createExecutor, type Executor, type ExecutorInit, type ModelFile } from '../src/node/index.js'
import { type TemporaryModels, temporaryModels } from './temporary-models.js'

let models: TemporaryModels
let sum: ModelFile
let loop: ModelFile
let executor: Executor

beforeAll(async () => {
  models = await temporaryModels()
  sum = await models.add(add())
  loop = await models.add(slow())
})

afterEach(() => executor?.close())
afterAll(() => models.remove())

async function start(init: ExecutorInit = {}): Promise<void> {
  executor = await createExecutor({ threads: 1, ...init })
}

function loadedIds(): string[] {
  return executor
    .status()
    .models.filter(({ loaded }) => loaded)
    .map(({ id }) => id)
}

describe('runs', () => {
  it('tell how they went', async () => {
    await start()
    const cold = await executor.run({ model: sum, inputs: add().inputs })
    const warm = await executor.run({ model: sum, inputs: add().inputs })
    expect(cold.outputs).toEqual(add().outputs)
    expect(cold.stats).toMatchObject({ backend: 'cpu', cold: true })
    expect(warm.stats).toMatchObject({ backend: 'cpu', cold: false })
    expect(executor.status()).toMatchObject({ queueDepth: 0, slots: 1, backend: 'cpu', skipped: [] })
    const [status] = executor.status().models
    expect(status).toMatchObject({ id: sum.id, loaded: true, inFlight: 0 })
    expect(status!.bytes).toBeGreaterThan(0)
  })

  it('give the bits of a plain session', async () => {
    executor = await createExecutor()
    const mlp = tenMillisecondMlp()
    const model = await models.add(mlp)
    const session = await InferenceSession.create(model.path)
    const { data, dims } = mlp.inputs.x!
    const plain = await session.run({ x: new Tensor('float32', data as Float32Array, dims) })
    const { outputs } = await executor.run({ model, inputs: mlp.inputs })
    expect(outputs.y!.data).toEqual(plain.y!.data)
    await session.release()
  })

  it('take frames and give frames', async () => {
    await start()
    const inputs = Object.entries(add().inputs).map(([name, tensor]) => {
      const [header, payload] = encodeTensorFrame(tensor)
      return { name, frame: Buffer.concat([header, payload]) }
    })
    const { outputs } = await executor.runFrames({ model: sum, inputs, outputs: ['sum'] })
    const expected = Buffer.concat([...encodeTensorFrame(add().outputs!.sum!)])
    expect(outputs).toHaveLength(1)
    expect(Buffer.compare(outputs[0]!.frame, expected)).toBe(0)
    const cut = inputs.map(({ name, frame }) => ({ name, frame: frame.subarray(0, -4) }))
    await expect(executor.runFrames({ model: sum, inputs: cut })).rejects.toMatchObject({
      code: 'RUNTIME_BAD_MESSAGE',
    })
  })

  it('carry tensors larger than the pipe takes at once', async () => {
    await start()
    const big = add({ dims: [3, 1024, 1024] })
    const model = await models.add(big)
    for (let turn = 0; turn < 3; turn++) {
      const { outputs } = await executor.run({ model, inputs: big.inputs })
      expect(Buffer.compare(bytesOf(outputs), bytesOf(big.outputs!))).toBe(0)
    }
  })

  it('read weights that lie beside the model', async () => {
    await start()
    const external = { location: 'weights.bin', offset: '0', length: '12' }
    const bytes = buildModel({
      graph: {
        inputs: [value('x', 'float32', [3])],
        outputs: [value('y', 'float32', [3])],
        nodes: [node('Mul', ['x', 'weights'], ['y'])],
        initializers: [{ name: 'weights', type: 'float32', dims: [3], external }],
      },
    })
    await writeFile(join(models.dir, 'weights.bin'), new Uint8Array(Float32Array.of(1, 2, 3).buffer))
    const x = { type: 'float32', dims: [3], data: Float32Array.of(10, 10, 10) } as const
    const { outputs } = await executor.run({ model: await models.add({ bytes }), inputs: { x } })
    expect(outputs.y!.data).toEqual(Float32Array.of(10, 20, 30))
  })

  it('say so where the binding does not take an element type', async () => {
    await start()
    const model = await models.add({
      name: 'dequantize',
      bytes: buildModel({
        opsets: { '': 21 },
        irVersion: 10,
        graph: {
          inputs: [value('x', 'uint4', [3])],
          outputs: [value('y', 'float32', [3])],
          nodes: [node('DequantizeLinear', ['x', 'scale'], ['y'])],
          initializers: [{ name: 'scale', type: 'float32', dims: [], data: Float32Array.of(0.5) }],
        },
      }),
    })
    const inputs = { x: { type: 'uint4', dims: [3], data: Uint8Array.of(0x21, 0x0f) } } as const
    const run = executor.run({ model, inputs })
    await expect(run).rejects.toMatchObject({ code: 'RUNTIME_UNSUPPORTED_TYPE' })
  })

  it('fail with a code that names what is wrong', async () => {
    await start()
    const { a, b } = add().inputs
    const run = (inputs: TensorMap, outputs = ['sum']) => executor.run({ model: sum, inputs, outputs })
    for (const temperature of ['cold', 'warm']) {
      await expect(run({ a: a! }), temperature).rejects.toMatchObject({ code: 'ONNX_INPUT_MISSING' })
      await expect(run({ a: a!, b: b! }, ['product'])).rejects.toMatchObject({
        code: 'RUNTIME_OUTPUT_UNKNOWN',
      })
    }
  })
})

describe('models that cannot be loaded', () => {
  it('are told apart', async () => {
    await start({ memoryLimitBytes: 256 * 1024 * 1024 })
    const dir = join(models.dir, 'folder')
    await mkdir(dir)
    const text = await models.add({ name: 'text', bytes: new TextEncoder().encode('<!doctype html>') })
    const cut = await models.add({ name: 'cut', bytes: add().bytes.slice(0, 60) })
    const load = (path: string) => executor.load({ id: path, path })
    await expect(load(dir)).rejects.toMatchObject({ code: 'RUNTIME_MODEL_NOT_FOUND', details: { path: dir } })
    await expect(load(join(dir, 'none.onnx'))).rejects.toMatchObject({ code: 'RUNTIME_MODEL_NOT_FOUND' })
    await expect(load(text.path)).rejects.toMatchObject({ code: expect.stringMatching(/^(ONNX|RUNTIME)_/) })
    await expect(load(cut.path)).rejects.toMatchObject({ code: expect.stringMatching(/^(ONNX|RUNTIME)_/) })
    await executor.load(sum)
    expect(loadedIds()).toEqual([sum.id])
  })
})

describe('the session cache', () => {
  it('lets go of what was used before, where there is no room for both', async () => {
    await start({ cacheLimitBytes: 1 })
    await executor.load(sum)
    await executor.load(loop)
    expect(loadedIds()).toEqual([loop.id])
    const again = await executor.run({ model: sum, inputs: add().inputs })
    expect(again).toMatchObject({ outputs: add().outputs, stats: { cold: true } })
    expect(loadedIds()).toEqual([sum.id])
  })

  it('lets go of a model on request', async () => {
    await start()
    await executor.load(sum)
    await executor.unload(sum.id)
    expect(loadedIds()).toEqual([])
    const { stats } = await executor.run({ model: sum, inputs: add().inputs })
    expect(stats.cold).toBe(true)
  })
})

describe('the queue', () => {
  const work = { ...slow().inputs, iterations: iterations(300) }

  it('has room for so many, and for so many of one client', async () => {
    await start({ maxQueued: 3, maxQueuedPerClient: 2 })
    await executor.load(loop, { warmUp: false })
    const run = (client: string) => executor.run({ model: loop, inputs: work, client })
    // One runs, one is sent ahead, two wait.
    const accepted = ['a', 'a', 'a', 'a'].map(run)
    const limit = { code: 'RUNTIME_QUEUE_FULL', details: { limit: 'maxJobsPerClient', value: 2 } }
    await expect(run('a')).rejects.toMatchObject(limit)
    accepted.push(run('b'))
    await expect(run('c')).rejects.toMatchObject({ details: { limit: 'maxJobs', value: 3 } })
    expect(await Promise.all(accepted)).toHaveLength(5)
  })

  it('does not let a client that asks for much keep out one that asks for little', async () => {
    await start({ slots: 1 })
    await executor.load(loop, { warmUp: false })
    const order: string[] = []
    const run = (client: string) =>
      executor.run({ model: loop, inputs: work, client }).then(() => order.push(client))
    await Promise.all(['greedy', 'greedy', 'greedy', 'greedy', 'modest'].map(run))
    expect(order).toHaveLength(5)
    expect(order.indexOf('modest')).toBeLessThanOrEqual(2)
  })
})

describe('slots', () => {
  it('run side by side', async () => {
    await start({ slots: 2 })
    const inputs = { ...slow().inputs, iterations: iterations(1e12) }
    const endless = executor.run({ model: loop, inputs })
    const cut = expect(endless).rejects.toMatchObject({ code: 'RUNTIME_CLOSED' })
    const { outputs } = await executor.run({ model: sum, inputs: add().inputs })
    expect(outputs).toEqual(add().outputs)
    const states = executor.status().children.map(({ state }) => state)
    expect(states.sort()).toEqual(['busy', 'idle'])
    await executor.close()
    await cut
  })
})

describe('the machine', () => {
  it('is measured once', async () => {
    await start()
    const capability = await executor.capability()
    expect(capability.backend).toBe('cpu')
    expect(capability.gflops).toBeGreaterThan(0)
    expect(capability.memoryBandwidthMbps).toBeGreaterThan(0)
    expect(await executor.capability()).toBe(capability)
    expect(executor.status().models).toEqual([])
  })

  it('runs on what it has, and says why not on what was preferred', async () => {
    await start({ providers: ['coreml', 'dml', 'cuda', 'cpu'] })
    const { backend, skipped } = executor.status()
    expect([...skipped.map(({ provider }) => provider), backend]).toEqual(
      ['coreml', 'dml', 'cuda', 'cpu'].slice(0, skipped.length + 1),
    )
    for (const { reason } of skipped) expect(reason).toMatch(/\w+ \w+ \w+/)
  })

  it('is not asked for what it cannot be', async () => {
    await expect(createExecutor({ slots: 0 })).rejects.toMatchObject({
      code: 'RUNTIME_BAD_OPTION',
      details: { option: 'slots' },
    })
  })
})

function bytesOf(tensors: TensorMap): Uint8Array {
  const { buffer, byteOffset, byteLength } = tensors.sum!.data as Float32Array
  return new Uint8Array(buffer, byteOffset, byteLength)
}
