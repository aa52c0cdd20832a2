import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createTensor,
  Demand,
  DOMAINS,
  NeurovoyanceError,
  openEnvelope,
  TOPICS,
} from '@neurovoyance/protocol'
import { describe, expect, it } from 'vitest'
import { startNetwork } from './network/network.js'
import { ADDER } from './network/node.js'

const OTHER = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'
const inputs = {
  a: createTensor('float32', new Float32Array([1]), [1]),
  b: createTensor('float32', new Float32Array([2]), [1]),
}

describe('models', () => {
  it('lists what nodes host', async () => {
    await using network = await startNetwork()
    const node = await network.node({ models: { [ADDER]: 'adder', [OTHER]: 'other' } })
    const client = await network.client()
    await client.infer({ model: ADDER, inputs })
    const models = await client.models.list()
    expect(models.map(({ model, name, hosts }) => ({ model, name, hosts }))).toEqual(
      [
        { model: OTHER, name: 'other', hosts: 1 },
        { model: ADDER, name: 'adder', hosts: 1 },
      ].toSorted((a, b) => (a.model < b.model ? -1 : 1)),
    )
    expect(client.network.status()).toMatchObject({ peerId: client.host.peerId, nodes: 1, models: 2 })
    expect(client.network.status().peers.map(peer => peer.peerId)).toContain(node.host.peerId)
  })

  it('refuses a name that nobody offers, and says what there is', async () => {
    await using network = await startNetwork()
    await network.node()
    const client = await network.client()
    await client.infer({ model: ADDER, inputs })
    await expect(client.infer({ model: 'subtractor', inputs })).rejects.toMatchObject({
      code: 'CLIENT_MODEL_UNKNOWN',
      details: { name: 'subtractor', known: ['adder'] },
    })
  })

  it('refuses a name that stands for two models', async () => {
    await using network = await startNetwork()
    await network.node({ models: { [ADDER]: 'twin', [OTHER]: 'twin' } })
    const client = await network.client()
    await client.infer({ model: ADDER, inputs })
    await expect(client.infer({ model: 'twin', inputs })).rejects.toMatchObject({
      code: 'CLIENT_MODEL_AMBIGUOUS',
      details: { models: expect.arrayContaining([ADDER, OTHER]) },
    })
  })

  it('calls for a model that nobody hosts, and runs it as soon as somebody does', async () => {
    await using network = await startNetwork()
    const node = await network.node({ models: {} })
    const called = Promise.withResolvers<Uint8Array>()
    node.host.gossip.subscribe(TOPICS.demand, ({ data }) => {
      called.resolve(data)
      return 'accept'
    })
    const client = await network.client()
    const run = client.infer({ model: ADDER, inputs })
    const { payload, peerId } = await openEnvelope(await called.promise, { domain: DOMAINS.demand })
    expect(peerId).toBe(client.host.peerId)
    expect(Demand.decode(payload)).toMatchObject({ model: ADDER, requests: 1 })
    node.offer(ADDER, 'adder')
    expect((await run).outputs.sum?.data).toEqual(new Float32Array([3]))
  })

  it('says so when nobody hosts a model in time', async () => {
    await using network = await startNetwork()
    const client = await network.client()
    await expect(client.infer({ model: ADDER, inputs, deadlineMs: 300 })).rejects.toMatchObject({
      code: 'SCHEDULER_NO_NODE',
    })
  })

  it('has nodes host a model', async () => {
    await using network = await startNetwork()
    const nodes = [await network.node({ models: {} }), await network.node({ models: {} })]
    const client = await network.client()
    const { hosts } = await client.models.pin(ADDER, { hosts: 2 })
    expect(hosts.toSorted()).toEqual(nodes.map(node => node.host.peerId).toSorted())
  })

  it('gives the reasons of nodes that will not', async () => {
    await using network = await startNetwork()
    const node = await network.node({ models: { [OTHER]: 'other' }, willing: false })
    const client = await network.client()
    await client.host.connect(node.host.addresses()[0]!)
    await expect(client.models.pin(ADDER, { deadlineMs: 1_000 })).rejects.toMatchObject({
      code: 'CLIENT_MODEL_NOT_HOSTED',
      message: expect.stringContaining('(no room)'),
      details: expect.objectContaining({ refusals: [{ peerId: node.host.peerId, reason: 'no room' }] }),
    })
  })

  it('gives the code of a node that fails on a model', async () => {
    const notAModel = new NeurovoyanceError('ONNX_NOT_A_MODEL', 'it is a text')
    await using network = await startNetwork()
    const node = await network.node({ models: { [OTHER]: 'other' }, refusal: notAModel })
    const client = await network.client()
    await client.host.connect(node.host.addresses()[0]!)
    await expect(client.models.pin(ADDER, { deadlineMs: 1_000 })).rejects.toMatchObject({
      code: 'CLIENT_MODEL_NOT_HOSTED',
      message: expect.stringContaining('(ONNX_NOT_A_MODEL: it is a text)'),
      details: expect.objectContaining({
        refusals: [expect.objectContaining({ peerId: node.host.peerId, code: 'ONNX_NOT_A_MODEL' })],
      }),
    })
  })

  it('gives up at once where a node has taken a model and found out what is wrong with it', async () => {
    const notAModel = new NeurovoyanceError('ONNX_NOT_A_MODEL', 'it is a text')
    await using network = await startNetwork()
    const node = await network.node({ models: { [OTHER]: 'other' }, flaw: notAModel })
    const client = await network.client()
    await client.host.connect(node.host.addresses()[0]!)
    // the deadline of ten minutes is longer than this test may take
    await expect(client.models.pin(ADDER)).rejects.toMatchObject({
      code: 'CLIENT_MODEL_NOT_HOSTED',
      message: expect.stringContaining('(ONNX_NOT_A_MODEL: it is a text)'),
    })
    expect(node.asked).toHaveLength(2)
  })

  it('adds a model from disk and serves its files to the node that hosts it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'client-test-'))
    try {
      await using network = await startNetwork()
      const node = await network.node({ models: {}, store: join(folder, 'store') })
      const client = await network.client()
      const weights = crypto.getRandomValues(new Uint8Array(50_000))
      await mkdir(join(folder, 'bundle'))
      await writeFile(join(folder, 'bundle', 'model.onnx'), weights)
      const phases = new Set<string>()
      const added = await client.models.add(join(folder, 'bundle'), {
        name: 'fresh',
        onProgress: ({ phase }) => void phases.add(phase),
      })
      expect(added).toMatchObject({ hosts: [node.host.peerId], files: 1, bytes: weights.length })
      expect(node.asked).toEqual([{ model: added.model, name: 'fresh', by: client.host.peerId }])
      expect([...phases]).toEqual(expect.arrayContaining(['import', 'hosting']))
      const fetched = await readFile(join(node.path(added.model)!, 'model.onnx'))
      expect(weights).toEqual(new Uint8Array(fetched))
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
