import {
  buildModel,
  bytesField,
  concatBytes,
  encodeGraph,
  type GraphInit,
  localFunction,
  loop,
  type ModelInit,
  type NodeInit,
  node,
  scan,
  value,
  varintField,
} from '@neurovoyance/testing/models'
import { describe, expect, it } from 'vitest'
import { bytesSource, createMeter, type MeteredInput, modelId, openModel } from '../src/index.js'

const meterOf = async (bytes: Uint8Array) => createMeter(await openModel(bytesSource(bytes)))

const graphModel = (graph: Partial<GraphInit>, init: Omit<Partial<ModelInit>, 'graph'> = {}) =>
  buildModel({ ...init, graph: { inputs: [], outputs: [], nodes: [], ...graph } })

const float = (name: string, ...dims: number[]): MeteredInput => ({ name, type: 'float32', dims })
const whole = (name: string, values: readonly number[], dims = [values.length]): MeteredInput => ({
  name,
  type: 'int64',
  dims,
  values,
})

/** A graph of float32 inputs of these ranks, outputs that it tells nothing of, and nodes. */
async function infer(
  inputs: readonly MeteredInput[],
  outputs: readonly string[],
  nodes: readonly NodeInit[],
  init: Omit<Partial<ModelInit>, 'graph'> = {},
) {
  const bytes = graphModel(
    {
      inputs: inputs.map(({ name, type, dims }) =>
        value(
          name,
          type as 'float32',
          dims.map(() => null),
        ),
      ),
      outputs: outputs.map(name => value(name, 'float32')),
      nodes,
    },
    init,
  )
  const meter = await meterOf(bytes)
  return { shapes: meter.inferShapes(inputs), work: meter.workUnits(inputs), meter }
}

describe('the unit', () => {
  it('is a multiply-add, an operation, half a byte moved, or a part of a call', async () => {
    const { work } = await infer(
      [float('a', 2, 3), float('b', 3, 4)],
      ['y'],
      [node('MatMul', ['a', 'b'], ['c']), node('Relu', ['c'], ['y'])],
    )
    const macs = 2n * 3n * 4n
    const matmulBytes = 4n * (6n + 12n + 8n)
    const reluBytes = 4n * (8n + 8n)
    expect(work).toMatchObject({
      calls: 2n,
      macs,
      operations: 8n,
      bytes: matmulBytes + reluBytes,
      isExact: true,
    })
    expect(work.units).toBe(macs + 8n + 2n * (matmulBytes + reluBytes) + 2n * 16_384n)
    expect(work.byOperator).toEqual([
      {
        domain: '',
        operator: 'MatMul',
        calls: 1n,
        units: macs + 2n * matmulBytes + 16_384n,
        macs,
        operations: 0n,
        bytes: matmulBytes,
      },
      {
        domain: '',
        operator: 'Relu',
        calls: 1n,
        units: 8n + 2n * reluBytes + 16_384n,
        macs: 0n,
        operations: 8n,
        bytes: reluBytes,
      },
    ])
    expect(work.outputs).toEqual([{ name: 'y', type: 'float32', dims: [2, 4], maxDims: [2, 4] }])
  })

  it('counts of a table only the rows that are read, and of a view nothing', async () => {
    const { work } = await infer(
      [float('table', 1000, 8), whole('rows', [1, 2, 3])],
      ['y'],
      [node('Gather', ['table', 'rows'], ['g']), node('Flatten', ['g'], ['y'])],
    )
    expect(work).toMatchObject({ macs: 0n, operations: 0n, bytes: 2n * 4n * 24n + 8n * 3n })
  })

  it('tells the most bytes that are needed at once', async () => {
    const { work } = await infer(
      [float('x', 100)],
      ['d'],
      [
        node('Relu', ['x'], ['a']),
        node('Relu', ['a'], ['b']),
        node('Concat', ['b', 'b'], ['c'], { axis: 0 }),
        node('ReduceSum', ['c'], ['d'], { keepdims: 0 }),
      ],
    )
    // The input, b, and the twice as large c.
    expect(work.peakBytes).toBe(400n + 400n + 800n)
  })

  it('is the same for models of the same canonical id, whatever they note of their intermediate values', async () => {
    const graph = {
      inputs: [value('x', 'float32', ['n'])],
      outputs: [value('y', 'float32')],
      nodes: [
        node('Cast', ['x'], ['numbers'], { to: 7 }),
        node('Unique', ['numbers'], ['target']),
        node('Reshape', ['x', 'target'], ['shaped']),
        node('Relu', ['shaped'], ['y']),
      ],
    }
    const plain = await openModel(bytesSource(withNotes(graph, [])))
    const noted = await openModel(bytesSource(withNotes(graph, [note('shaped', 1, [3, 3])])))
    expect(noted.graph.values).toHaveLength(1)
    expect(await modelId(noted)).toBe(await modelId(plain))
    const [a, b] = [await createMeter(plain), await createMeter(noted)]
    expect(b.workUnits([float('x', 9)])).toEqual(a.workUnits([float('x', 9)]))
    expect(b.inferShapes([float('x', 9)]).values.get('shaped')?.dims).toEqual([3, 3])
  })
})

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

describe('control flow', () => {
  it('a loop counts its body as often as it turns', async () => {
    const meter = await meterOf(loop().bytes)
    const told = meter.workUnits([whole('turns', [1000], []), float('start')])
    const adds = told.byOperator.find(({ operator }) => operator === 'Add')
    expect(adds).toMatchObject({ calls: 1000n, operations: 1000n })
    expect(told.outputs.map(({ dims }) => dims)).toEqual([[], [1000]])
    const untold = meter.workUnits([{ name: 'turns', type: 'int64', dims: [] }, float('start')])
    expect(untold.isExact).toBe(false)
    expect(untold.byOperator.find(({ operator }) => operator === 'Add')?.calls).toBe(1n)
  })

  it.each([
    ['its limit', 20n, 20n],
    [
      'the largest dimension of the inputs where exporters write the largest limit there is',
      2n ** 63n - 1n,
      7n,
    ],
  ])('a loop that its body may end counts as %s', async (_, limit, turns) => {
    const { work } = await infer(
      [float('x', 7)],
      ['y'],
      [
        node('Constant', [], ['limit'], { value_int: limit }),
        node('Loop', ['limit', '', 'x'], ['y'], {
          body: {
            graph: {
              inputs: [value('turn', 'int64', []), value('go', 'bool', []), value('before', 'float32')],
              outputs: [value('go_on', 'bool'), value('after', 'float32')],
              nodes: [
                node('Sqrt', ['before'], ['after']),
                node('ReduceMax', ['after'], ['most'], { keepdims: 0 }),
                node('Cast', ['most'], ['go_on'], { to: 9 }),
              ],
            },
          },
        }),
      ],
    )
    expect(work.byOperator.find(({ operator }) => operator === 'Sqrt')?.calls).toBe(turns)
    expect(work.isExact).toBe(false)
    expect(work.outputs[0]!.dims).toEqual([7])
  })

  it('a scan counts its body once for each slice', async () => {
    const work = (await meterOf(scan().bytes)).workUnits([float('x', 12, 2)])
    expect(work.byOperator.find(({ operator }) => operator === 'Add')?.calls).toBe(12n)
    expect(work.outputs[0]!.dims).toEqual([12, 2])
    expect(work.isExact).toBe(true)
  })

  /** Each turn lays one more row under the carried value. */
  const growing = (turns: number) =>
    infer(
      [whole('turns', [turns], []), float('x', 1, 4)],
      ['all'],
      [
        node('Loop', ['turns', '', 'x'], ['all'], {
          body: {
            graph: {
              inputs: [value('turn', 'int64', []), value('go', 'bool', []), value('rows', 'float32')],
              outputs: [value('go_on', 'bool'), value('more', 'float32')],
              nodes: [
                node('Identity', ['go'], ['go_on']),
                node('Concat', ['rows', 'x'], ['more'], { axis: 0 }),
              ],
            },
          },
        }),
      ],
    )

  it('a loop whose value grows is followed turn by turn where the turns are few', async () => {
    const { shapes, work } = await growing(5)
    expect(shapes.outputs[0]!.dims).toEqual([6, 4])
    // Rows of 16 bytes: each turn reads what there is and one more, and writes both.
    expect(work.bytes).toBe([1, 2, 3, 4, 5].reduce((sum, rows) => sum + 2n * BigInt(rows + 1) * 16n, 0n))
    expect(work.isExact).toBe(true)
  })

  it('and counts every turn as the last where they are many', async () => {
    const { shapes, work } = await growing(1000)
    expect(shapes.outputs[0]).toMatchObject({ dims: [null, 4], maxDims: [1001, 4] })
    expect(work.bytes).toBeGreaterThan(1000n * 1001n * 16n)
    expect(work.assumptions).toEqual([expect.stringContaining('every turn as the last')])
  })

  it("a call of the model's own function counts its body", async () => {
    const { bytes, inputs } = localFunction()
    const given = Object.entries(inputs).map(([name, { type, dims }]) => ({ name, type, dims }))
    const work = (await meterOf(bytes)).workUnits(given)
    expect(work.unknownOperators).toEqual([])
    expect(work.byOperator.length).toBeGreaterThan(1)
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

describe('a meter', () => {
  it('remembers the work of shapes that it has seen, in whatever order the inputs come', async () => {
    const inputs = [float('a', 2, 3), float('b', 3, 4)]
    const { meter, work } = await infer(inputs, ['y'], [node('MatMul', ['a', 'b'], ['y'])])
    expect(meter.workUnits([...inputs].reverse())).toBe(work)
    expect(meter.workUnits([float('a', 2, 5), float('b', 5, 4)])).not.toEqual(work)
  })

  it('forgets the shapes that came first where there are too many', async () => {
    const bytes = graphModel({
      inputs: [value('x', 'float32', ['n'])],
      outputs: [value('y', 'float32', ['n'])],
      nodes: [node('Relu', ['x'], ['y'])],
    })
    const meter = await createMeter(await openModel(bytesSource(bytes)), { maxCached: 2 })
    const first = meter.workUnits([float('x', 1)])
    meter.workUnits([float('x', 2)])
    expect(meter.workUnits([float('x', 1)])).toBe(first)
    meter.workUnits([float('x', 3)])
    meter.workUnits([float('x', 4)])
    const again = meter.workUnits([float('x', 1)])
    expect(again).not.toBe(first)
    expect(again).toEqual(first)
  })
})

/** A model whose graph notes the types of intermediate values. */
function withNotes(graph: GraphInit, notes: readonly Uint8Array[]): Uint8Array {
  const noted = concatBytes([encodeGraph(graph), ...notes.map(each => bytesField(13, each))])
  return concatBytes([varintField(1, 8), bytesField(7, noted), bytesField(8, varintField(2, 17))])
}

/** A note of a value's element type and dimensions. */
function note(name: string, type: number, dims: readonly number[]): Uint8Array {
  const shape = concatBytes(dims.map(dim => bytesField(1, varintField(1, dim))))
  const tensor = concatBytes([varintField(1, type), bytesField(2, shape)])
  return concatBytes([bytesField(1, name), bytesField(2, bytesField(1, tensor))])
}
