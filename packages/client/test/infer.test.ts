import { createTensor, type TensorMap } from '@neurovoyance/protocol'
import { describe, expect, it } from 'vitest'
import { infer } from '../src/index.js'
import { startNetwork } from './network/network.js'
import { ADDER, add, type RunHandler } from './network/node.js'

const vector = (...values: number[]) => createTensor('float32', new Float32Array(values), [values.length])
const inputs: TensorMap = { a: vector(1, 2, 3), b: vector(10, 20, 30) }
const sum = new Float32Array([11, 22, 33])

/** Never answers; settles when the caller gives up. */
const hang: RunHandler = (_request, signal) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

describe('infer', () => {
  it('runs a model by CID on a node that the client has never heard of', async () => {
    await using network = await startNetwork()
    const node = await network.node()
    const client = await network.client()
    const result = await client.infer({ model: ADDER, inputs })
    expect(result.outputs.sum).toEqual({ type: 'float32', dims: [3], data: sum })
    expect(result.node).toBe(node.host.peerId)
    expect(result.attempts).toHaveLength(1)
    expect(result.stats).toEqual({ queueUs: 1, runUs: 2, backend: 'test', cold: false })
    expect(result.latencyMs).toBeGreaterThan(0)
  })

  it('runs a model by the name that nodes offer, and one file of its bundle', async () => {
    await using network = await startNetwork()
    const node = await network.node()
    const client = await network.client()
    const { outputs } = await infer(client, { model: 'adder/onnx/sum.onnx', inputs, outputs: ['sum'] })
    expect(outputs.sum?.data).toEqual(sum)
    expect(node.runs[0]?.body).toEqual({
      model: ADDER,
      file: 'onnx/sum.onnx',
      inputNames: ['a', 'b'],
      outputNames: ['sum'],
    })
  })

  it('tells where it is', async () => {
    await using network = await startNetwork()
    const node = await network.node()
    const client = await network.client()
    const phases: unknown[] = []
    await client.infer({ model: ADDER, inputs, onProgress: progress => phases.push(progress) })
    expect(phases).toEqual([{ phase: 'find' }, { phase: 'run', node: node.host.peerId, attempt: 0 }])
  })

  it('gets the answer from another node when one fails', async () => {
    await using network = await startNetwork()
    let calls = 0
    const brokenOnce: RunHandler = (request, signal) => {
      if (calls++ === 0) throw new Error('broken')
      return add(request, signal)
    }
    await network.node({ run: brokenOnce })
    await network.node({ run: brokenOnce })
    const client = await network.client()
    const { outputs, node, attempts } = await client.infer({ model: ADDER, inputs })
    expect(outputs.sum?.data).toEqual(sum)
    expect(attempts).toHaveLength(2)
    const [broken] = attempts.filter(({ status }) => status !== 'succeeded')
    // On a slow machine a hedge may have the answer before the failure is heard of.
    expect([broken?.status, broken?.code]).toBeOneOf([
      ['failed', 'P2P_REMOTE_INTERNAL'],
      ['lost', undefined],
    ])
    expect(attempts.find(({ status }) => status === 'succeeded')?.peerId).toBe(node)
    expect(node).not.toBe(broken?.peerId)
  })

  it('passes on what a node finds wrong with the request, without asking others', async () => {
    await using network = await startNetwork()
    const nodes = [await network.node(), await network.node(), await network.node()]
    const client = await network.client()
    await expect(client.infer({ model: ADDER, inputs: { a: vector(1) } })).rejects.toMatchObject({
      code: 'ONNX_INPUT_MISSING',
      message: 'the adder wants a and b',
    })
    // One, and its hedge on a slow machine; not the third.
    expect(nodes.flatMap(node => node.runs).length).toBeLessThan(3)
  })

  it('refuses inputs that do not fit before they leave, once the model was described', async () => {
    await using network = await startNetwork()
    const node = await network.node()
    const client = await network.client()
    const signature = await client.models.describe(ADDER)
    expect(signature.inputs.map(({ name, type, dims }) => ({ name, type, dims }))).toEqual([
      { name: 'a', type: 'float32', dims: ['n'] },
      { name: 'b', type: 'float32', dims: ['n'] },
    ])
    await expect(client.infer({ model: ADDER, inputs: { a: vector(1) } })).rejects.toMatchObject({
      code: 'CLIENT_INPUT_MISSING',
    })
    await client.models.describe('adder')
    expect(node.runs).toHaveLength(0)
    expect(node.describes).toBe(1)
  })

  it('does not take an answer that lacks an output', async () => {
    await using network = await startNetwork()
    await network.node({
      run: async (request, signal) => {
        const { attachments = [] } = await add(request, signal)
        return { body: { outputNames: ['other'], stats: undefined }, attachments }
      },
    })
    const client = await network.client()
    const failed = client.infer({ model: ADDER, inputs, outputs: ['sum'], deadlineMs: 2_000 })
    await expect(failed).rejects.toMatchObject({ cause: { code: 'CLIENT_BAD_RESPONSE' } })
  })

  it('cancels the run on the node when the caller gives up', async () => {
    await using network = await startNetwork()
    const cancelled = Promise.withResolvers<void>()
    const started = Promise.withResolvers<void>()
    await network.node({
      run: (request, signal) => {
        signal.addEventListener('abort', () => cancelled.resolve())
        started.resolve()
        return hang(request, signal)
      },
    })
    const client = await network.client()
    const controller = new AbortController()
    const run = client.infer({ model: ADDER, inputs, signal: controller.signal })
    await started.promise
    controller.abort()
    await expect(run).rejects.toMatchObject({ code: 'SCHEDULER_CANCELLED' })
    await cancelled.promise
  })

  it('ends at its deadline', async () => {
    await using network = await startNetwork()
    await network.node({ run: hang })
    const client = await network.client()
    const run = client.infer({ model: ADDER, inputs, deadlineMs: 300 })
    await expect(run).rejects.toMatchObject({ code: 'SCHEDULER_DEADLINE_EXCEEDED' })
  })
})
