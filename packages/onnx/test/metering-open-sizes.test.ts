import { type NodeInit, node, value } from '@neurovoyance/testing/models'
import { describe, expect, it } from 'vitest'
import type { MeteredInput } from '../src/index.js'
import { float, graphModel, infer, meterOf, whole } from './infer.js'

describe('what depends on elements', () => {
  it.each<
    [
      string,
      readonly MeteredInput[],
      readonly NodeInit[],
      readonly (number | null)[],
      readonly (number | null)[],
    ]
  >([
    [
      'NonZero: at most every element',
      [float('x', 3, 4)],
      [node('NonZero', ['x'], ['y'])],
      [2, null],
      [2, 12],
    ],
    [
      'Compress: at most as many as there are truth values',
      [float('x', 9), { name: 'c', type: 'bool', dims: [5] }],
      [node('Compress', ['x', 'c'], ['y'], { axis: 0 })],
      [null],
      [5],
    ],
    [
      'TopK: at most all',
      [float('x', 3, 7), { name: 'k', type: 'int64', dims: [1] }],
      [node('TopK', ['x', 'k'], ['y', 'i'])],
      [3, null],
      [3, 7],
    ],
    [
      'Slice: at most all',
      [float('x', 8), { name: 's', type: 'int64', dims: [1] }, { name: 'e', type: 'int64', dims: [1] }],
      [node('Slice', ['x', 's', 'e'], ['y'])],
      [null],
      [8],
    ],
    [
      'Reshape: no dimension above the number of elements',
      [float('x', 6), { name: 's', type: 'int64', dims: [2] }],
      [node('Reshape', ['x', 's'], ['y'])],
      [null, null],
      [6, 6],
    ],
    [
      'Expand: what is not one stays',
      [float('x', 6, 1), { name: 's', type: 'int64', dims: [2] }],
      [node('Expand', ['x', 's'], ['y'])],
      [6, null],
      [6, null],
    ],
  ])('%s', async (_, inputs, nodes, dims, maxDims) => {
    const { shapes, work } = await infer(inputs, ['y'], nodes)
    expect(shapes.outputs[0]).toMatchObject({ dims, maxDims })
    expect(shapes.conflicts).toEqual([])
    expect(work.isExact).toBe(false)
  })

  it('is known where the request tells the elements', async () => {
    const inputs = [float('x', 3, 7), whole('k', [2])]
    const { shapes, work } = await infer(inputs, ['y'], [node('TopK', ['x', 'k'], ['y', 'i'])])
    expect(shapes.outputs[0]!.dims).toEqual([3, 2])
    expect(work.isExact).toBe(true)
  })

  it('and has no bound counts as the largest dimension of the inputs', async () => {
    const range = [node('Range', ['zero', 'end', 'one'], ['y'])]
    const scalars = ['zero', 'end', 'one'].map(name => ({ name, type: 'int64', dims: [] }))
    const { shapes, work } = await infer([...scalars, float('x', 3, 50)], ['y'], range)
    expect(shapes.outputs[0]!.maxDims).toEqual([null])
    expect(work.bytes).toBe(8n * 50n)
    expect(work.assumptions).toEqual([expect.stringMatching(/^Range: an unbounded size counts as/)])
  })

  it('follows shapes through arithmetic on them', async () => {
    const { shapes } = await infer(
      [float('x', 2, 3, 20)],
      ['y'],
      [
        node('Shape', ['x'], ['shape']),
        node('Constant', [], ['two'], {
          value: { tensor: { type: 'int64', dims: [1], data: BigInt64Array.of(2n) } },
        }),
        node('Gather', ['shape', 'two'], ['last']),
        node('Div', ['last', 'two'], ['half']),
        node('Cast', ['half'], ['single'], { to: 1 }),
        node('Sqrt', ['single'], ['root']),
        node('Ceil', ['root'], ['up']),
        node('Cast', ['up'], ['size'], { to: 7 }),
        node('Concat', ['half', 'size'], ['target'], { axis: 0 }),
        node('ConstantOfShape', ['target'], ['y']),
      ],
    )
    expect(shapes.outputs[0]!.dims).toEqual([10, 4])
  })
})

describe('what does not fit', () => {
  it('is told, and does not stop the price', async () => {
    const { shapes, work } = await infer(
      [float('a', 2, 3), float('b', 4, 5)],
      ['y'],
      [node('MatMul', ['a', 'b'], ['c']), node('Relu', ['c'], ['y'])],
    )
    expect(shapes.conflicts).toEqual(['MatMul: a matrix product over 3 and 4'])
    expect(work.conflicts).toEqual(shapes.conflicts)
    expect(work.units).toBeGreaterThan(0n)
  })

  it('an operator without a rule is priced by its elements and named', async () => {
    const { work } = await infer(
      [float('x', 100)],
      ['y'],
      [{ ...node('Novelty', ['x'], ['y']), domain: 'com.microsoft' }],
      { opsets: { '': 17, 'com.microsoft': 1 } },
    )
    expect(work.unknownOperators).toEqual(['com.microsoft.Novelty'])
    expect(work).toMatchObject({ operations: 16n * 200n, bytes: 800n, isExact: false })
  })

  it.each<[string, readonly MeteredInput[], string]>([
    ['a missing input', [], 'ONNX_INPUT_MISSING'],
    ['an unknown input', [float('x', 2), float('z', 2)], 'ONNX_INPUT_UNKNOWN'],
    ['another type', [{ name: 'x', type: 'int64', dims: [2] }], 'ONNX_INPUT_TYPE'],
    ['another rank', [float('x', 2, 2)], 'ONNX_INPUT_SHAPE'],
    ['a negative size', [float('x', -2)], 'ONNX_INPUT_SHAPE'],
    ['a fraction of a size', [float('x', 2.5)], 'ONNX_INPUT_SHAPE'],
    ['a size above 2^53', [float('x', 2 ** 60)], 'ONNX_INPUT_SHAPE'],
  ])('%s is refused', async (_, inputs, code) => {
    const bytes = graphModel({
      inputs: [value('x', 'float32', ['n'])],
      outputs: [value('y', 'float32', ['n'])],
      nodes: [node('Relu', ['x'], ['y'])],
    })
    const meter = await meterOf(bytes)
    expect(() => meter.workUnits(inputs)).toThrow(expect.objectContaining({ code }))
  })
})
