import { type InferenceSession as OrtSession, Tensor } from 'onnxruntime-common'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { createSession, type SessionRun, sessionClass } from '../src/session/index.js'
import { startNetwork } from './network/network.js'
import { ADDER } from './network/node.js'

const feeds = { a: new Tensor(new Float32Array([1, 2])), b: new Tensor(new Float32Array([3, 4])) }

describe('createSession', () => {
  it("is onnxruntime's InferenceSession to the compiler", () => {
    expectTypeOf(createSession).returns.resolves.toExtend<OrtSession>()
    expectTypeOf<ReturnType<typeof sessionClass>['create']>().toExtend<
      (path: string, options?: OrtSession.SessionOptions) => Promise<OrtSession>
    >()
    expectTypeOf<typeof OrtSession.create>().parameter(0).toExtend<unknown>()
  })

  it('runs code that was written for onnxruntime', async () => {
    await using network = await startNetwork()
    const node = await network.node()
    const client = await network.client()
    const runs: SessionRun[] = []
    const session = await createSession(client, ADDER, { onRun: run => runs.push(run) })
    expect(session.inputNames).toEqual(['a', 'b'])
    expect(session.outputNames).toEqual(['sum'])
    expect(session.inputMetadata[0]).toEqual({ name: 'a', isTensor: true, type: 'float32', shape: ['n'] })

    const { sum } = await session.run(feeds, { tag: 'first' })
    expect(sum).toBeInstanceOf(Tensor)
    expect(sum?.dims).toEqual([2])
    expect(sum?.data).toEqual(new Float32Array([4, 6]))
    expect(runs).toMatchObject([{ node: node.host.peerId, model: ADDER, stats: { backend: 'test' } }])

    const named = await session.run(feeds, ['sum'])
    expect(named.sum?.data).toEqual(new Float32Array([4, 6]))

    const given = new Tensor(new Float32Array(2))
    const filled = await session.run({ ...feeds, unknown: given }, { sum: given })
    expect(filled.sum).toBe(given)
    expect(given.data).toEqual(new Float32Array([4, 6]))
    expect(node.describes).toBe(1)
  })

  it('refuses what onnxruntime refuses', async () => {
    await using network = await startNetwork()
    await network.node()
    const session = await createSession(await network.client(), ADDER)
    await expect(session.run({ a: feeds.a })).rejects.toThrow("input 'b' is missing in 'feeds'.")
    await expect(session.run(feeds, ['nothing'])).rejects.toThrow(RangeError)
    const wrong = { a: new Tensor('int32', [1], [1]), b: feeds.b }
    await expect(session.run(wrong)).rejects.toMatchObject({ code: 'CLIENT_INPUT_TYPE' })
    expect(() => session.startProfiling()).toThrow(expect.objectContaining({ code: 'CLIENT_UNSUPPORTED' }))
    await session.release()
    await expect(session.run(feeds)).rejects.toMatchObject({ code: 'CLIENT_CLOSED' })
  })

  it('stands in for the class, for libraries that open models by path', async () => {
    await using network = await startNetwork()
    await network.node()
    const client = await network.client()
    const paths: string[] = []
    const InferenceSession = sessionClass(client, {
      resolve: path => path.replace('/models/adder.onnx', ADDER),
      onRun: ({ path }) => paths.push(path),
    })
    const session = await InferenceSession.create('/models/adder.onnx', { graphOptimizationLevel: 'all' })
    await session.run(feeds)
    expect(paths).toEqual(['/models/adder.onnx'])
  })
})
