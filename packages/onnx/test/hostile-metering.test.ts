import {
  buildModel,
  encodeGraph,
  honestModels,
  hostileModels,
  type NodeInit,
  node,
  recursiveFunction,
  unfoldingFunctions,
  value,
} from '@neurovoyance/testing/models'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bytesSource,
  createMeter,
  type MeteredInput,
  modelSignature,
  OnnxError,
  openModel,
} from '../src/index.js'
import { damaged } from './damage.js'
import { operatorTests } from './operator-tests.js'

const meterOf = async (bytes: Uint8Array) => createMeter(await openModel(bytesSource(bytes)))
const x: MeteredInput = { name: 'x', type: 'float32', dims: [2] }

/** A model of an input `x` and these nodes. */
const modelOf = (nodes: readonly NodeInit[]) =>
  buildModel({ graph: { inputs: [value('x', 'float32', ['n'])], outputs: [value('y', 'float32')], nodes } })

/** Loops inside loops, each of which turns 2^40 times and lets its value grow. */
function nestedLoops(levels: number): Uint8Array {
  const turns = node('Constant', [], ['turns'], { value_int: 2n ** 40n })
  const inner = (level: number): NodeInit[] => [
    turns,
    level === 0
      ? node('Concat', ['before', 'before'], ['y'], { axis: 0 })
      : node('Loop', ['turns', '', 'before'], ['y'], {
          body: {
            graph: encodeGraph({
              inputs: [value('turn', 'int64', []), value('go', 'bool', []), value('before', 'float32')],
              outputs: [value('go', 'bool', []), value('y', 'float32')],
              nodes: inner(level - 1),
            }),
          },
        }),
  ]
  return modelOf([node('Identity', ['x'], ['before']), ...inner(levels)])
}

/** Symbols multiplied with themselves until a size is longer than any. */
function growingSizes(levels: number): Uint8Array {
  const nodes = Array.from({ length: levels }, (_, level) => [
    node('Shape', [level === 0 ? 'x' : `x${level}`], [`s${level}`]),
    node('Mul', [`s${level}`, `s${level}`], [`p${level}`]),
    node('Add', [`p${level}`, `s${level}`], [`q${level}`]),
    node('Expand', ['x', `q${level}`], [`x${level + 1}`]),
  ])
  return modelOf([...nodes.flat(), node('Identity', [`x${levels}`], ['y'])])
}

describe('a model that would never end, or takes more than can be counted, is refused', () => {
  it.each<[string, () => Uint8Array, string]>([
    ['functions that unfold without end', () => unfoldingFunctions().bytes, 'ONNX_LIMIT_EXCEEDED'],
    [
      'functions that unfold one into another for ever',
      () => recursiveFunction().bytes,
      'ONNX_LIMIT_EXCEEDED',
    ],
    ['loops in loops that grow', () => nestedLoops(14), 'ONNX_LIMIT_EXCEEDED'],
    [
      'a tensor of 2^60 elements',
      () =>
        modelOf([
          node('Constant', [], ['shape'], { value_ints: [2n ** 30n, 2n ** 30n] }),
          node('ConstantOfShape', ['shape'], ['y']),
        ]),
      'ONNX_LIMIT_EXCEEDED',
    ],
    [
      'more dimensions than a tensor has',
      () =>
        modelOf([
          node('Constant', [], ['axes'], { value_ints: Array.from({ length: 40 }, (_, axis) => axis) }),
          node('Unsqueeze', ['x', 'axes'], ['y']),
        ]),
      'ONNX_LIMIT_EXCEEDED',
    ],
    [
      'nodes that need each other',
      () => modelOf([node('Relu', ['b'], ['a']), node('Relu', ['a'], ['b']), node('Identity', ['a'], ['y'])]),
      'ONNX_MALFORMED',
    ],
    ['a value that nothing makes', () => modelOf([node('Relu', ['nothing'], ['y'])]), 'ONNX_MALFORMED'],
  ])('%s', async (_, bytes, code) => {
    const measured = await meterOf(bytes())
      .then(meter => meter.workUnits([x]))
      .catch(error => error)
    expect(measured).toBeInstanceOf(OnnxError)
    expect(measured).toMatchObject({ code })
  })

  it('and a size that overflows stays within what numbers hold', async () => {
    const work = (await meterOf(growingSizes(4))).workUnits([{ ...x, dims: [1] }])
    expect(work.units).toBeGreaterThan(0n)
    const measured = await meterOf(growingSizes(12)).then(
      meter => () => meter.workUnits([{ ...x, dims: [1] }]),
    )
    expect(measured).toThrow(expect.objectContaining({ code: 'ONNX_LIMIT_EXCEEDED' }))
  })

  it('symbols that are multiplied without end become one', async () => {
    const { outputs } = (await meterOf(growingSizes(30))).inferShapes()
    expect(outputs[0]!.dims).toEqual([expect.any(String)])
    expect(String(outputs[0]!.dims![0]).length).toBeLessThan(300)
  })

  it('keeps to the steps that it is given', async () => {
    const nodes = Array.from({ length: 100 }, (_, index) =>
      node('Relu', [index === 0 ? 'x' : `v${index - 1}`], [index === 99 ? 'y' : `v${index}`]),
    )
    const model = await openModel(bytesSource(modelOf(nodes)))
    expect((await createMeter(model)).workUnits([x]).byOperator[0]!.calls).toBe(100n)
    const short = await createMeter(model, { maxInferenceSteps: 250 })
    expect(() => short.workUnits([x])).toThrow(
      expect.objectContaining({
        code: 'ONNX_LIMIT_EXCEEDED',
        details: { limit: 'maxInferenceSteps', max: 250 },
      }),
    )
  })
})

describe('damaged models', () => {
  const operators = operatorTests().map(({ model }) => Buffer.from(model, 'base64'))
  const samples = [...[...honestModels(), ...hostileModels()].map(({ bytes }) => bytes), ...operators].filter(
    ({ byteLength }) => byteLength > 0 && byteLength < 20_000,
  )

  it('are metered, or refused with an OnnxError', async () => {
    const attempt = async (bytes: Uint8Array): Promise<unknown> => {
      const model = await openModel(bytesSource(bytes))
      const meter = await createMeter(model, { maxInferenceSteps: 20_000 })
      meter.inferShapes()
      const inputs = modelSignature(model).inputs.filter(({ optional }) => !optional)
      return meter.workUnits(
        inputs.map(({ name, type, dims }) => ({
          name,
          type,
          dims: (dims ?? []).map(dim => (typeof dim === 'number' ? dim : 3)),
        })),
      )
    }
    await fc.assert(
      fc.asyncProperty(damaged(samples), async bytes => {
        const outcome = await attempt(bytes).catch(error => error)
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(OnnxError)
      }),
      { numRuns: 3000 },
    )
  }, 60_000)
})
