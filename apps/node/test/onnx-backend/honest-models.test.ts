import { join } from 'node:path'
import type { Client } from '@neurovoyance/client'
import { errorCode, type Tensor } from '@neurovoyance/protocol'
import type { Hive } from '@neurovoyance/testing/hive'
import {
  honestModels,
  identity,
  mapInput,
  sequenceOutput,
  type TestModel,
} from '@neurovoyance/testing/models'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientOf, hiveOf, saveModel, untilHosted } from '../hive/fixture.js'
import { difference } from './difference.js'
import { type LocalRuns, localRuns } from './local-runs.js'

const QUIET_AND_SIGNALLING = [0x7fc00001, 0xff812345, 0x7f800001]
const ODD_BITS = [...QUIET_AND_SIGNALLING, 0x80000000, 0x00000001, 0xff800000]
const dims = [2, 3]

/** Tensors that a conversion on the way would change: NaNs with payloads, -0, extremes, texts that get normalised. */
const FRAGILE: readonly Tensor[] = [
  { type: 'float32', dims, data: new Float32Array(Uint32Array.from(ODD_BITS).buffer) },
  { type: 'float16', dims, data: Uint16Array.of(0x7e01, 0xfd55, 0x7c01, 0x8000, 0x0001, 0xfc00) },
  {
    type: 'float64',
    dims,
    data: new Float64Array(BigUint64Array.from(ODD_BITS, high => (BigInt(high) << 32n) | 9n).buffer),
  },
  { type: 'int64', dims, data: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n, -1n, 0n, 1n, 2n ** 53n + 1n) },
  { type: 'uint64', dims, data: BigUint64Array.of(2n ** 64n - 1n, 2n ** 63n, 0n, 1n, 2n, 2n ** 53n + 1n) },
  { type: 'string', dims, data: ['', ' both ends ', '\ufeffmark', '\u00e9', 'e\u0301', '🐝\r\n'] },
]

describe('models of every kind through the hive', () => {
  const honest = honestModels().map((model, index) => ({
    ...model,
    name: `${index}-${model.name.replace('/', '-')}`,
  }))
  const fragile = FRAGILE.map(tensor => ({
    ...identity(tensor.type),
    inputs: { x: tensor },
    outputs: { y: tensor },
  }))
  const saved = new Map<TestModel, { path: string; model: string }>()
  let hive: Hive
  let client: Client
  let local: LocalRuns

  beforeAll(async () => {
    local = localRuns()
    hive = await hiveOf({ nodes: 2 })
    client = await clientOf(hive)
    for (const test of [...honest, ...fragile]) {
      const path = await saveModel(test)
      const { model } = await hive.addModel(path)
      saved.set(test, { path: join(path, 'model.onnx'), model })
    }
    for (const { model } of saved.values()) await untilHosted(client, model, 1)
  }, 120_000)

  afterAll(async () => {
    local?.[Symbol.dispose]()
    await client?.close()
    await hive?.stop()
  })

  /** What differs between the hive's answer, ONNX Runtime's own and the one that is known. */
  async function differences(test: TestModel): Promise<readonly string[]> {
    const { path, model } = saved.get(test)!
    const { outputs } = await client.infer({ model, inputs: test.inputs })
    const alone = await local.run({ model: path, inputs: test.inputs })
    if ('error' in alone) return [`ONNX Runtime alone: ${alone.error}`]
    const known = test.outputs ?? alone.outputs
    return [difference(alone.outputs, outputs), difference(known, outputs)].filter(
      found => found !== undefined,
    )
  }

  it.each(honest)('$name', async test => {
    expect(await differences(test)).toEqual([])
  })

  it.each(fragile)('every bit of fragile elements: $inputs.x.type', async test => {
    expect(await differences(test)).toEqual([])
  })

  it.each([
    ["output 'y' is a sequence", sequenceOutput()],
    ["input 'x' is a map", mapInput()],
  ])('refused, with a code: %s', async (what, model) => {
    const error = await hive.addModel(await saveModel(model)).catch((error: unknown) => error)
    expect(errorCode(error)).toBe('ONNX_UNSUPPORTED_TYPE')
    expect(error).toMatchObject({ message: expect.stringContaining(what) })
  })
})
