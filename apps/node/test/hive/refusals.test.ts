import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Client } from '@neurovoyance/client'
import { createTensor } from '@neurovoyance/protocol'
import { type Hive, startNode } from '@neurovoyance/testing/hive'
import { add, hostileModels, slow } from '@neurovoyance/testing/models'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientOf, folder, hiveOf, NV, saveModel, untilHosted } from './fixture.js'

describe('what is wrong is named, with a code and what to do', () => {
  let hive: Hive
  let client: Client
  let model: string

  beforeAll(async () => {
    hive = await hiveOf({ nodes: 1 })
    model = (await hive.addModel(await saveModel(add()))).model
    client = await clientOf(hive)
    await untilHosted(client, model, 1)
  })

  afterAll(async () => {
    await client?.close()
    await hive?.stop()
  })

  const three = createTensor('float32', new Float32Array(3), [3])

  it.each([
    ['a missing input', { a: three }, /INPUT_MISSING$/, /'?b'?/],
    ['an unknown input', { a: three, b: three, c: three }, /INPUT_UNKNOWN$/, /c/],
    [
      'a wrong type',
      { a: three, b: createTensor('int32', new Int32Array(3), [3]) },
      /INPUT_TYPE$/,
      /float32/,
    ],
    [
      'a wrong shape',
      { a: three, b: createTensor('float32', new Float32Array(4), [4]) },
      /INPUT_SHAPE$/,
      /3/,
    ],
  ])('%s', async (_, inputs, code, message) => {
    const error = { code: expect.stringMatching(code), message: expect.stringMatching(message) }
    await expect(client.infer({ model, inputs })).rejects.toMatchObject(error)
    await client.models.describe(model)
    await expect(client.infer({ model, inputs })).rejects.toMatchObject(error)
  })

  it('an unknown output', async () => {
    await expect(
      client.infer({ model, inputs: { a: three, b: three }, outputs: ['product'] }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('product'),
    })
  })

  it('an unknown model, by name and by CID', async () => {
    await expect(client.infer({ model: 'nobody/has-this', inputs: {} })).rejects.toMatchObject({
      code: 'CLIENT_MODEL_UNKNOWN',
      message: expect.stringContaining('add'),
    })
    const cid = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'
    await expect(client.infer({ model: cid, inputs: {}, deadlineMs: 1_000 })).rejects.toMatchObject({
      code: expect.stringMatching(/^SCHEDULER_(NO_NODE|DEADLINE_EXCEEDED)$/),
    })
  })

  it.each(hostileModels())('a model that no node may load: $name', async ({ name, bytes, files, code }) => {
    const path = await saveModel({
      name: name.replaceAll(/\W+/g, '-'),
      bytes,
      inputs: {},
      ...(files && { files }),
    })
    await expect(hive.addModel(path)).rejects.toMatchObject({ code, message: expect.any(String) })
  })

  it('a folder without a model that a client adds: at once, with the code of what is wrong', async () => {
    const dir = await folder('no-model')
    await writeFile(join(dir, 'notes.txt'), 'not a model')
    // the deadline of ten minutes is longer than this test may take
    await expect(client.models.add(dir)).rejects.toMatchObject({
      code: 'CLIENT_MODEL_NOT_HOSTED',
      message: expect.stringMatching(/ONNX_/),
    })
  })

  it('a port that is taken', async () => {
    const squatter = createServer()
    await new Promise<void>(resolve => squatter.listen(0, '127.0.0.1', resolve))
    const { port } = squatter.address() as { port: number }
    const home = await folder('port-taken')
    for (const [args, code] of [
      [['--loopback', '--port', String(port)], 'P2P_PORT_TAKEN'],
      [['--loopback', '--gateway-port', String(port)], 'NODE_PORT_TAKEN'],
    ] as const) {
      await expect(startNode({ nv: NV, command: 'start', home, args })).rejects.toThrow(
        new RegExp(`${port}[^]*${code}|${code}[^]*${port}`),
      )
    }
    squatter.close()
  })

  it('a home that another node uses', async () => {
    await expect(startNode({ nv: NV, command: 'start', home: hive.nodes[0]!.home })).rejects.toThrow(
      /NODE_HOME_IN_USE/,
    )
  })

  it('a key that others can read', async () => {
    const home = await folder('open-key')
    await writeFile(join(home, 'identity.key'), new Uint8Array(68), { mode: 0o644 })
    await expect(startNode({ nv: NV, command: 'start', home })).rejects.toThrow(/P2P_IDENTITY_PERMISSIONS/)
  })

  it('settings that make no sense', async () => {
    const home = await folder('bad-config')
    await writeFile(join(home, 'config.jsonc'), '{ "gateway": { "port": "eighty" } }')
    await expect(startNode({ nv: NV, command: 'start', home })).rejects.toThrow(/NODE_CONFIG_INVALID/)
  })

  it('a machine whose clock is wrong by a day takes part all the same', async () => {
    const preload = join(await folder('clock'), 'a-day-ahead.mjs')
    await writeFile(preload, 'const now = Date.now; Date.now = () => now() + 86_400_000\n')
    const home = join(hive.folder, 'tomorrow')
    await mkdir(home)
    const tomorrow = await startNode({
      nv: NV,
      command: 'start',
      home,
      bootstrap: hive.bootstrap,
      env: { NODE_OPTIONS: `--import ${preload}` },
    })
    try {
      const { model } = await hive.addModel(await saveModel(slow()), { node: tomorrow })
      await untilHosted(client, model, 1)
      const { outputs } = await client.infer({ model, inputs: slow().inputs })
      expect(outputs.y).toEqual(slow().outputs!.y)
    } finally {
      await tomorrow.stop()
    }
  })
})
