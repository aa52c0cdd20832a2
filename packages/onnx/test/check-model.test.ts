import {
  add,
  buildModel,
  customOperator,
  type GraphInit,
  localFunction,
  loop,
  type ModelInit,
  node,
  storedWeights,
  value,
} from '@neurovoyance/testing/models'
import { describe, expect, it } from 'vitest'
import { bytesSource, checkModel, type ModelPolicy, openModel } from '../src/index.js'

const check = async (bytes: Uint8Array, policy: Partial<ModelPolicy> = {}) =>
  checkModel(await openModel(bytesSource(bytes)), policy)

const model = (graph: Partial<GraphInit>, init: Omit<Partial<ModelInit>, 'graph'> = {}) =>
  buildModel({
    ...init,
    graph: {
      inputs: [value('x', 'float32', [2])],
      outputs: [value('y', 'float32', [2])],
      nodes: [node('Identity', ['x'], ['y'])],
      ...graph,
    },
  })

const refused = (code: string, message: string) => ({ code, message: expect.stringContaining(message) })

describe('checkModel', () => {
  it('counts operators, weights and external files', async () => {
    expect(await check(storedWeights({ storage: 'external' }).bytes)).toEqual({
      nodes: 1,
      weightBytes: 64 * 64 * 4,
      externalFiles: [{ path: 'weights.bin', minBytes: 256 + 64 * 64 * 4 }],
    })
    expect((await check(loop().bytes)).nodes).toBe(5)
    expect((await check(localFunction().bytes)).nodes).toBe(2)
  })

  it.each<[keyof ModelPolicy, number, Uint8Array]>([
    ['maxNodes', 4, loop().bytes],
    ['maxNodes', 1, localFunction().bytes],
    ['maxWeightBytes', 1000, storedWeights().bytes],
    ['maxTensorBytes', 1000, storedWeights().bytes],
    ['maxTensorBytes', 11, add().bytes],
  ])('keeps to %s of %i', async (limit, max, bytes) => {
    await expect(check(bytes, { [limit]: max })).rejects.toMatchObject({
      code: 'ONNX_LIMIT_EXCEEDED',
      details: { limit, max },
    })
  })

  it('takes a policy with more operator sets, or fewer', async () => {
    const operatorSets = { '': { min: 1, max: 26 }, 'evil.ops': { min: 1, max: 1 } }
    await expect(check(customOperator().bytes, { operatorSets })).resolves.toMatchObject({ nodes: 1 })
    await expect(check(add().bytes, { operatorSets: {} })).rejects.toMatchObject(
      refused('ONNX_CUSTOM_OPERATOR', 'Add'),
    )
  })

  it('does not mind operator sets that are imported and not used', async () => {
    await expect(
      check(model({}, { opsets: { '': 17, 'com.microsoft.nchwc': 1, anything: 7 } })),
    ).resolves.toBeDefined()
  })

  it('names the operator, its set and what would do', async () => {
    await expect(check(customOperator().bytes)).rejects.toMatchObject({
      message:
        "operator Run of 'evil.ops' is of no known operator set (ai.onnx, ai.onnx.ml, com.microsoft) " +
        'and not defined in the model: export it with standard operators',
      details: { domain: 'evil.ops', operator: 'Run' },
    })
  })

  it('finds operators in subgraphs', async () => {
    const evil = { ...node('Run', [], ['z']), domain: 'evil.ops' }
    const arm = { graph: { inputs: [], outputs: [value('z', 'float32')], nodes: [evil] } }
    const nodes = [node('If', ['x'], ['y'], { then_branch: arm, else_branch: arm })]
    await expect(check(model({ nodes }))).rejects.toMatchObject(refused('ONNX_CUSTOM_OPERATOR', 'Run'))
  })

  it('finds operators in functions, called or not', async () => {
    const nodes = [{ ...node('EPContext', ['a'], ['b']), domain: 'com.microsoft' }]
    const fn = { name: 'f', domain: 'mine', inputs: ['a'], outputs: ['b'], nodes, opsets: { '': 17 } }
    await expect(check(model({}, { functions: [fn] }))).rejects.toMatchObject(
      refused('ONNX_FORBIDDEN_OPERATOR', 'com.microsoft.EPContext loads a compiled blob'),
    )
  })

  it('finds external data in attributes', async () => {
    const tensor = { type: 'float32', dims: [2], external: { location: '/etc/passwd' } } as const
    const nodes = [node('Constant', [], ['y'], { value: { tensor } })]
    await expect(check(model({ nodes }))).rejects.toMatchObject(
      refused('ONNX_PATH_ESCAPES', "'/etc/passwd' is absolute"),
    )
  })

  it('refuses two functions of one name and a chain of calls without end', async () => {
    const fn = (name: string, callee: string) => ({
      name,
      domain: 'mine',
      inputs: ['a'],
      outputs: ['b'],
      nodes: [{ ...node(callee, ['a'], ['b']), domain: callee.startsWith('f') ? 'mine' : '' }],
      opsets: { '': 17 },
    })
    const twice = [fn('f', 'Relu'), fn('f', 'Tanh')]
    await expect(check(model({}, { functions: twice }))).rejects.toMatchObject(
      refused('ONNX_MALFORMED', 'same name'),
    )
    const chain = Array.from({ length: 5000 }, (_, index) =>
      fn(`f${index}`, index < 4999 ? `f${index + 1}` : 'Relu'),
    )
    const nodes = [{ ...node('f0', ['x'], ['y']), domain: 'mine' }]
    await expect(check(model({ nodes }, { functions: chain }))).rejects.toMatchObject(
      refused('ONNX_LIMIT_EXCEEDED', 'levels of function calls'),
    )
  })

  it('refuses a model without operator sets, not one without ai.onnx', async () => {
    await expect(check(model({}, { opsets: {} }))).rejects.toMatchObject(
      refused('ONNX_UNSUPPORTED_VERSION', 'imports no operator set'),
    )
  })

  it('refuses strings as external data', async () => {
    const initializers = [{ name: 's', type: 'string', dims: [1], external: { location: 'a' } } as const]
    await expect(check(model({ initializers }))).rejects.toMatchObject(
      refused('ONNX_FORBIDDEN_FEATURE', 'strings'),
    )
  })
})
