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

describe('models of every kind through the hive', () => {
  let hive: Hive
  let client: Client
  let local: LocalRuns

  beforeAll(async () => {
    hive = await hiveOf({ nodes: 2 })
    client = await clientOf(hive)
    local = localRuns()
  })

  afterAll(async () => {
    local?.[Symbol.dispose]()
    await client?.close()
    await hive?.stop()
  })

  /** Runs a model here and on the hive, which agree; returns the outputs. */
  async function runBoth(test: TestModel) {
    const path = await saveModel(test)
    const { model } = await hive.addModel(path)
    await untilHosted(client, model, 1)
    const { inputs } = test
    const [here, { outputs }] = await Promise.all([
      local.run({ model: join(path, 'model.onnx'), inputs }),
      client.infer({ model, inputs }),
    ])
    if ('error' in here) throw new Error(here.error)
    expect(difference(here.outputs, outputs)).toBeUndefined()
    return outputs
  }

  it.each(honestModels().map((model, index) => [`${model.name} (${index})`, model] as const))(
    '%s',
    async (_, model) => {
      const outputs = await runBoth(model)
      if (model.outputs !== undefined) expect(difference(model.outputs, outputs)).toBeUndefined()
    },
  )

  const bits32 = [0x7fc00001, 0xff812345, 0x7f800001, 0x80000000, 0x00000001, 0xff800000]
  const bits16 = [0x7e01, 0xfd55, 0x7c01, 0x8000, 0x0001, 0xfc00]
  const bits64 = bits32.map(high => (BigInt(high) << 32n) | 0x1234_5678n)
  const everyBit: readonly (readonly [string, Tensor])[] = [
    ['float32', { type: 'float32', dims: [2, 3], data: new Float32Array(Uint32Array.from(bits32).buffer) }],
    ['float16', { type: 'float16', dims: [2, 3], data: Uint16Array.from(bits16) }],
    [
      'float64',
      { type: 'float64', dims: [2, 3], data: new Float64Array(BigUint64Array.from(bits64).buffer) },
    ],
    [
      'int64',
      {
        type: 'int64',
        dims: [2, 3],
        data: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n, -1n, 0n, 1n, 2n ** 53n + 1n),
      },
    ],
    [
      'uint64',
      {
        type: 'uint64',
        dims: [2, 3],
        data: BigUint64Array.of(2n ** 64n - 1n, 2n ** 63n, 0n, 1n, 2n, 2n ** 53n + 1n),
      },
    ],
    [
      'string',
      { type: 'string', dims: [2, 3], data: ['', 'nul \\0 within', '\\ufeffmark', 'é', 'e\\u0301', '🐝'] },
    ],
  ]
  it.each(everyBit)(
    'every bit of %s comes back: NaN payloads, -0, extremes, odd texts',
    async (_, tensor) => {
      const outputs = await runBoth({ ...identity(tensor.type), inputs: { x: tensor } })
      expect(difference({ y: tensor }, outputs)).toBeUndefined()
    },
  )

  it.each([
    ['a sequence as output', sequenceOutput()],
    ['a map as input', mapInput()],
  ])('%s is refused with a code that names it', async (_, model) => {
    const error = await hive.addModel(await saveModel(model)).catch((error: unknown) => error)
    expect(errorCode(error)).toBe('ONNX_UNSUPPORTED_TYPE')
    expect(error).toMatchObject({
      message: expect.stringMatching(/output 'y' is a sequence|input 'x' is a map/),
    })
  })
})
