import {
  bytesField,
  carelessConcat,
  concatBytes,
  dynamicMatMul,
  encodeGraph,
  type GraphInit,
  type NodeInit,
  node,
  value,
  varintField,
} from '@neurovoyance/testing/models'
import { describe, expect, it } from 'vitest'
import { bytesSource, createMeter, modelId, openModel } from '../src/index.js'
import { float, graphModel, infer, meterOf, whole } from './infer.js'

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

describe('a symbol that is another size in each input', () => {
  it('meters as what the sizes are, in any order of the inputs', async () => {
    const meter = await meterOf(carelessConcat().bytes)
    const inputs = [float('a', 2), float('b', 3)]
    const work = meter.workUnits(inputs)
    expect(work).toMatchObject({ isExact: true, conflicts: [] })
    expect(work.outputs[0]!.dims).toEqual([5])
    expect(meter.inferShapes(inputs).outputs[0]!.dims).toEqual([5])
    expect((await meterOf(carelessConcat().bytes)).workUnits(inputs.toReversed())).toEqual(work)
  })

  it('is a conflict and no refusal where the operators do not take them', async () => {
    const meter = await meterOf(dynamicMatMul().bytes)
    const { conflicts } = meter.workUnits([float('a', 2, 3), float('b', 4, 5)])
    expect(conflicts).not.toEqual([])
  })
})

describe('weights in other files', () => {
  const outside = (name: string, type: 'float32' | 'int64') => ({
    name,
    type,
    dims: [1],
    external: { location: 'weights.bin' },
  })
  const model = (weight: ReturnType<typeof outside>, nodes: readonly NodeInit[]) =>
    graphModel({
      inputs: [value('x', 'float32', ['n'])],
      outputs: [value('y', 'float32')],
      nodes,
      initializers: [weight],
    })

  it('are not needed where no shape can depend on them', async () => {
    const meter = await meterOf(model(outside('w', 'float32'), [node('Mul', ['x', 'w'], ['y'])]))
    expect(meter.workUnits([float('x', 3)]).outputs[0]!.dims).toEqual([3])
  })

  it('are read where one can', async () => {
    const bytes = model(outside('w', 'int64'), [node('Expand', ['x', 'w'], ['y'])])
    await expect(meterOf(bytes)).rejects.toMatchObject({ code: 'ONNX_EXTERNAL_DATA' })
    const source = bytesSource(new Uint8Array(BigInt64Array.of(5n).buffer))
    const opened = await openModel(bytesSource(bytes), { externalData: async () => source })
    const work = (await createMeter(opened)).workUnits([float('x', 1)])
    expect(work.outputs[0]!.dims).toEqual([5])
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
