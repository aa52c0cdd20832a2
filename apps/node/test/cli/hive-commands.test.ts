import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTensor } from '@neurovoyance/protocol'
import { add, dynamicMatMul } from '@neurovoyance/testing/models'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isAlive } from '../../src/config/process.js'
import { decodeNpy, encodeNpy } from '../../src/files/npy.js'
import { folder, saveModel } from '../hive/fixture.js'
import { nv, spawnNv } from './nv.js'

interface HiveNode {
  name: string
  role: string
  pid: number
  peerId: string
  home: string
  addresses: string[]
  models: { model: string }[]
  gateway: { url: string; token: string }
}

/** Where nothing listens. */
const NO_HUB = 'http://127.0.0.1:1'

describe('nv with a local hive', () => {
  let home: string
  let nodes: HiveNode[]
  let model: string
  const at = () => ['--home', home]

  beforeAll(async () => {
    home = await folder('nv')
    const up = await nv(['hive', 'up', '--nodes', '2', '--json', ...at()], { HF_ENDPOINT: NO_HUB })
    expect(up.code, up.out + up.err).toBe(0)
    nodes = up.json<{ nodes: HiveNode[] }>().nodes
    model = (await nv(['models', 'add', await saveModel(add()), '--json', ...at()])).json<{ model: string }>()
      .model
  })

  afterAll(async () => {
    await nv(['hive', 'down', ...at()])
    for (const { pid } of nodes) expect(isAlive(pid)).toBe(false)
  })

  it('hive status gives for every node what programs need', async () => {
    const status = (await nv(['hive', 'status', '--json', ...at()])).json<{
      nodes: HiveNode[]
      bootstrap: string[]
    }>()
    expect(status.nodes.map(({ role }) => role)).toEqual(['bootstrap', 'peer', 'peer'])
    for (const node of status.nodes) {
      expect(node).toMatchObject({
        peerId: expect.stringMatching(/^12D3/),
        pid: expect.any(Number),
        home: expect.stringContaining(home),
        addresses: expect.any(Array),
        models: expect.any(Array),
      })
      expect(node.gateway).toEqual({
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
        token: expect.any(String),
      })
    }
    expect(status.nodes[1]!.models[0]!.model).toBe(model)
    expect(status.bootstrap[0]).toMatch(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/12D3/)
    expect((await nv(['hive', 'status', ...at()])).out).toContain('node-2')
  })

  it('a second hive in the same home is refused', async () => {
    const again = await nv(['hive', 'up', '--json', ...at()])
    expect(again.code).toBe(1)
    expect(again.json()).toMatchObject({ error: { code: 'NODE_ALREADY_RUNNING' } })
  })

  it('infers from files to files, through the node and through a bootstrap alone', async () => {
    const [a, b, sum] = ['a.npy', 'b.json', 'sum.npy'].map(name => join(home, name)) as [
      string,
      string,
      string,
    ]
    await writeFile(a, encodeNpy(createTensor('float32', new Float32Array([1, 2, 3]), [3])))
    await writeFile(b, '[10, 20, 30.5]')
    const inputs = ['--input', `a=${a}`, '--input', `b=${b}`]
    const first = await nv(['infer', 'add', ...inputs, '--output', `sum=${sum}`, '--json', ...at()])
    expect(first.code, first.out + first.err).toBe(0)
    expect(decodeNpy(await readFile(sum)).data).toEqual(new Float32Array([11, 22, 33.5]))

    const elsewhere = await folder('elsewhere')
    const second = await nv([
      'infer',
      model,
      ...inputs,
      '--bootstrap',
      nodes[0]!.addresses[0]!,
      '--json',
      '--home',
      elsewhere,
    ])
    expect(second.code, second.out + second.err).toBe(0)
    expect(second.json()).toMatchObject({
      outputs: { sum: { type: 'float32', dims: [3], data: [11, 22, 33.5] } },
    })
  })

  it('wrong input is wrong usage; a model that nobody has is to be added with a command', async () => {
    const x = join(home, 'x.npy')
    await writeFile(x, encodeNpy(createTensor('float32', new Float32Array([1, 2]), [2])))
    const missing = await nv(['infer', 'add', ...at()])
    expect([missing.code, missing.err]).toEqual([2, expect.stringMatching(/\[(CLIENT|ONNX)_INPUT_MISSING\]/)])
    const misshapen = await nv(['infer', 'add', '--input', `a=${x}`, '--input', `b=${x}`, ...at()])
    expect([misshapen.code, misshapen.err]).toEqual([2, expect.stringMatching(/_INPUT_SHAPE\]/)])
    const unknown = await nv(['infer', 'nobody', '--input', `a=${x}`, ...at()])
    expect([unknown.code, unknown.err]).toEqual([4, expect.stringContaining("add it with 'nv models add' [")])
  })

  it('lists, shows and removes models; peers and status answer', async () => {
    expect(
      (await nv(['models', 'list', '--json', ...at()])).json<{ model: string }[]>().map(({ model }) => model),
    ).toContain(model)
    expect((await nv(['models', 'show', 'add', ...at()])).out).toMatch(/inputs:\n {2}a: float32 \[3\]/)
    const matmul = await nv(['models', 'add', await saveModel(dynamicMatMul()), ...at()])
    expect(matmul.code, matmul.out + matmul.err).toBe(0)
    expect(matmul.out).toMatch(/^dynamic-matmul {2}bafy.*\npublished: model\.onnx, neurovoyance\.json\n$/)
    const shown = await nv(['models', 'show', 'dynamic-matmul', ...at()])
    expect(shown.out).toMatch(/inputs:\n {2}a: float32 \[m, k\]\n {2}b: float32 \[k, n\]/)
    expect((await nv(['models', 'remove', 'nobody', ...at()])).code).toBe(4)
    const peers = (await nv(['peers', '--json', ...at()])).json<unknown[]>()
    expect(peers.length).toBeGreaterThan(0)
    expect((await nv(['status', '--json', ...at()])).json()).toMatchObject({ role: 'peer', ready: true })
    expect((await nv(['models', 'remove', 'add', ...at()])).code).toBe(0)
  })

  it('a hub that is away, and a source that is nothing', async () => {
    const away = await nv(['models', 'add', 'acme/tiny', '--json', ...at()])
    expect([away.code, away.json()]).toMatchObject([
      3,
      { error: { code: 'NODE_HUB_UNREACHABLE', message: expect.stringContaining(NO_HUB) } },
    ])
    expect((await nv(['models', 'add', './nothing-here', ...at()])).code).toBe(2)
  })
})

describe('nv and its processes', () => {
  it.each([
    ['an earlier process with its id', { birth: '1' }],
    ['no birth', { birth: undefined }],
  ])(
    'a hive file that names a stranger’s process, with %s: the hive comes and goes, the stranger stays',
    async (_, birth) => {
      const home = await folder('stranger')
      const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
      const node = { name: 'node-1', role: 'peer', home: join(home, 'hive', 'node-1'), pid: stranger.pid }
      const file = join(home, 'hive', 'hive.json')
      const stale = JSON.stringify({ nodes: [{ ...node, ...birth }] })
      const down = async () => (await nv(['hive', 'down', '--json', '--home', home])).json()
      await mkdir(join(home, 'hive'))
      await writeFile(file, stale)
      expect(await down()).toEqual({ stopped: 0 })

      await writeFile(file, stale)
      const up = await nv(['hive', 'up', '--nodes', '1', '--json', '--home', home])
      expect(up.code, up.out + up.err).toBe(0)
      // A node whose birth is not written down proves itself at its gateway.
      if (birth.birth === undefined)
        await writeFile(file, (await readFile(file, 'utf8')).replaceAll(/"birth": "\d+"/g, '"birth": ""'))
      expect(await down()).toEqual({ stopped: 2 })
      for (const { pid } of up.json<{ nodes: HiveNode[] }>().nodes) expect(isAlive(pid)).toBe(false)
      expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null])
      stranger.kill()
    },
  )

  it('ends a node cleanly on the first Ctrl-C', async () => {
    const child = spawnNv(['start', '--loopback', '--json', '--home', await folder('ctrl-c')])
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  it('a hive in the foreground leaves nothing behind when its terminal is killed', async () => {
    const child = spawnNv([
      'hive',
      'up',
      '--foreground',
      '--nodes',
      '1',
      '--json',
      '--home',
      await folder('killed-terminal'),
    ])
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const { nodes } = JSON.parse(line.toString()) as { nodes: HiveNode[] }
    child.kill('SIGKILL')
    await once(child, 'exit')
    for (const { pid } of nodes) while (isAlive(pid)) await new Promise(setImmediate)
  })
})
