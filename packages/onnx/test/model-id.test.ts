import {
  add,
  buildModel,
  bytesField,
  concatBytes,
  type GraphInit,
  honestModels,
  type ModelInit,
  node,
  RUNNABLE_ELEMENT_TYPES,
  sixElements,
  storedWeights,
  value,
  varint,
  varintField,
} from '@neurovoyance/testing/models'
import { describe, expect, it } from 'vitest'
import { elementTypeOf, rawByteLength } from '../src/element-types.js'
import { type ByteSource, bytesSource, modelId, openModel, tensorBytes } from '../src/index.js'
import { sha256 } from '../src/node/index.js'

interface Files {
  readonly bytes: Uint8Array
  readonly files?: Readonly<Record<string, Uint8Array>>
}

async function idOf({ bytes, files = {} }: Files): Promise<string> {
  const externalData = async (path: string): Promise<ByteSource> => bytesSource(files[path]!)
  return modelId(await openModel(bytesSource(bytes), { externalData }))
}

const graph: GraphInit = {
  inputs: [value('x', 'float32', ['n', 2])],
  outputs: [value('y', 'float32', ['n', 2])],
  nodes: [
    { ...node('Gemm', ['x', 'w', 'b'], ['z'], { alpha: { float: 1 }, transA: 0 }), name: 'first' },
    node('Relu', ['z'], ['y']),
  ],
  initializers: [
    { name: 'w', type: 'float32', dims: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
    { name: 'b', type: 'float32', dims: [2], data: Float32Array.of(5, 6) },
  ],
}
const model: ModelInit = { graph }
const [gemm, relu] = graph.nodes as [ReturnType<typeof node>, ReturnType<typeof node>]
const [w, b] = graph.initializers as [
  NonNullable<GraphInit['initializers']>[0],
  NonNullable<GraphInit['initializers']>[0],
]
const withGraph = (changes: Partial<GraphInit>): ModelInit => ({ graph: { ...graph, ...changes } })

describe('modelId', () => {
  it('has a fixed value, so that a change of the definition shows', async () => {
    expect(await idOf(add())).toBe('onnx1-e6a52a3430c81010ac749e576d178ad738687408ec5992b94aa87c63a35dfc12')
  })

  it.each<[string, ModelInit]>([
    ['the producer', { ...model, producer: 'other' }],
    ['doc strings', { graph: { ...graph, doc: 'says' }, doc: 'says more' }],
    ['metadata', { ...model, metadata: { author: 'someone' } }],
    ['the IR version', { ...model, irVersion: 9 }],
    ['names of graphs and nodes', withGraph({ name: 'other', nodes: [{ ...gemm, name: 'second' }, relu] })],
    ['the order of initializers', withGraph({ initializers: [b, w] })],
    [
      'the order of attributes',
      withGraph({ nodes: [{ ...gemm, attributes: { transA: 0, alpha: { float: 1 } } }, relu] }),
    ],
    ['ai.onnx spelled out', { ...model, opsets: { 'ai.onnx': 17 } }],
    ['unknown fields', { ...model, extra: bytesField(99, 'from the future') }],
  ])('does not cover %s', async (_, changed) => {
    expect(await idOf({ bytes: buildModel(changed) })).toBe(await idOf({ bytes: buildModel(model) }))
  })

  it.each<[string, ModelInit]>([
    ['a weight', withGraph({ initializers: [w, { ...b, data: Float32Array.of(5, 7) }] })],
    ['the sign of a zero', withGraph({ initializers: [w, { ...b, data: Float32Array.of(-0, 6) }] })],
    ["a weight's dimensions", withGraph({ initializers: [{ ...w, dims: [4] }, b] })],
    ["a weight's type", withGraph({ initializers: [{ ...w, type: 'int32' }, b] })],
    ["a weight's name", withGraph({ initializers: [{ ...w, name: 'v' }, b] })],
    [
      'an attribute',
      withGraph({ nodes: [{ ...gemm, attributes: { alpha: { float: 1 }, transA: 1 } }, relu] }),
    ],
    ['an operator', withGraph({ nodes: [gemm, node('Tanh', ['z'], ['y'])] })],
    ['a domain', withGraph({ nodes: [gemm, { ...relu, domain: 'com.microsoft' }] })],
    ['an input', withGraph({ inputs: [value('x', 'float32', ['m', 2])] })],
    [
      'a size in place of a symbol of the same text',
      withGraph({ inputs: [value('x', 'float32', ['n', '2'])] }),
    ],
    ['an output', withGraph({ outputs: [value('z', 'float32', ['n', 2])] })],
    ['an operator set', { ...model, opsets: { '': 18 } }],
    ['wiring', withGraph({ nodes: [{ ...gemm, inputs: ['x', 'b', 'w'] }, relu] })],
  ])('covers %s', async (_, changed) => {
    expect(await idOf({ bytes: buildModel(changed) })).not.toBe(await idOf({ bytes: buildModel(model) }))
  })

  it('is the same wherever the weights are stored', async () => {
    const inline = await idOf(storedWeights())
    expect(await idOf(storedWeights({ storage: 'external' }))).toBe(inline)
    expect(await idOf(storedWeights({ storage: 'external', path: 'elsewhere/w' }))).toBe(inline)
  })

  it('is another for each test model, subgraphs and functions included', async () => {
    const ids = await Promise.all(honestModels().map(idOf))
    const names = new Map<string, string[]>()
    for (const [index, id] of ids.entries())
      names.set(id, [...(names.get(id) ?? []), honestModels()[index]!.name])
    const same = [...names.values()].filter(each => each.length > 1)
    expect(same).toEqual([
      ['if-true', 'if-false'],
      ['inline-weights', 'weights-in-weights.bin', 'weights-in-data/weights.bin'],
    ])
  })

  it('is the same by the portable and by the platform’s SHA-256', async () => {
    const opened = await openModel(bytesSource(storedWeights({ size: 600 }).bytes))
    expect(await modelId(opened, { sha256 })).toBe(await modelId(opened))
  })

  it('tells its progress and stops when told to', async () => {
    const opened = await openModel(bytesSource(storedWeights({ size: 1024 }).bytes))
    const done: number[] = []
    await modelId(opened, { onProgress: ({ doneBytes, totalBytes }) => done.push(doneBytes / totalBytes) })
    expect(done).toEqual([0.25, 0.5, 0.75, 1])
    await expect(modelId(opened, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    })
  })

  it('says which external data is missing or cut off', async () => {
    const { bytes, files } = storedWeights({ storage: 'external' })
    const unreadable = await openModel(bytesSource(bytes))
    await expect(modelId(unreadable)).rejects.toMatchObject({
      code: 'ONNX_EXTERNAL_DATA',
      details: { path: 'weights.bin' },
    })
    const short = { 'weights.bin': files!['weights.bin']!.subarray(0, -1) }
    await expect(idOf({ bytes, files: short })).rejects.toMatchObject({ code: 'ONNX_EXTERNAL_DATA' })
  })
})

/** `TensorProto` fields of typed data: field number and how an element is written. */
function typedData(
  type: string,
  elements: ArrayLike<number | bigint> | readonly string[],
  packed: boolean,
): Uint8Array {
  if (type === 'string')
    return concatBytes(Array.from(elements as readonly string[], each => bytesField(6, each)))
  const values = Array.from(elements as ArrayLike<number | bigint>)
  if (type === 'float32' || type === 'float64') {
    const array =
      type === 'float32' ? Float32Array.from(values as number[]) : Float64Array.from(values as number[])
    return bytesField(type === 'float32' ? 4 : 10, new Uint8Array(array.buffer))
  }
  const field = type === 'int64' ? 7 : type === 'uint32' || type === 'uint64' ? 11 : 5
  if (packed) return bytesField(field, concatBytes(values.map(varint)))
  return concatBytes(values.map(each => varintField(field, each)))
}

function withTypedWeight(dataType: number, dims: readonly number[], data: Uint8Array): Uint8Array {
  const tensor = concatBytes([
    ...dims.map(dim => varintField(1, dim)),
    varintField(2, dataType),
    bytesField(8, 'w'),
    data,
  ])
  return concatBytes([varintField(1, 8), bytesField(7, bytesField(5, tensor))])
}

async function elementsOf(bytes: Uint8Array): Promise<Buffer> {
  const opened = await openModel(bytesSource(bytes))
  const chunks: Uint8Array[] = []
  for await (const chunk of tensorBytes(opened, opened.graph.initializers[0]!)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

describe('tensorBytes', () => {
  const dataTypes = new Map(Array.from({ length: 26 }, (_, index) => [elementTypeOf(index + 1), index + 1]))

  it.each(
    RUNNABLE_ELEMENT_TYPES.flatMap(type =>
      [true, false].map(packed => [type, packed ? 'packed' : 'unpacked', packed] as const),
    ),
  )('turns typed %s data, %s, into raw bytes', async (type, _, packed) => {
    const elements = sixElements(type)
    const bytes = withTypedWeight(
      dataTypes.get(type)!,
      [2, 3],
      typedData(type, elements as ArrayLike<number>, packed),
    )
    const raw = ArrayBuffer.isView(elements)
      ? Buffer.from(elements.buffer)
      : Buffer.concat(
          elements.map(each =>
            Buffer.concat([Buffer.of(Buffer.byteLength(each), 0, 0, 0), Buffer.from(each)]),
          ),
        )
    expect((await elementsOf(bytes)).toString('hex')).toBe(raw.toString('hex'))
  })

  it('turns typed data of many chunks into raw bytes', async () => {
    const values = BigInt64Array.from(
      { length: 300_000 },
      (_, index) => BigInt(index) * (index % 2 === 0 ? 1n : -(2n ** 40n)),
    )
    const bytes = withTypedWeight(7, [values.length], typedData('int64', values, true))
    expect((await elementsOf(bytes)).equals(Buffer.from(values.buffer))).toBe(true)
  })

  it('refuses typed data of another length, of another type, or cut inside a number', async () => {
    const refused = expect.objectContaining({ code: 'ONNX_MALFORMED' })
    await expect(elementsOf(withTypedWeight(7, [3], typedData('int64', [1n, 2n], true)))).rejects.toEqual(
      refused,
    )
    await expect(elementsOf(withTypedWeight(7, [1], typedData('float32', [1], true)))).rejects.toEqual(
      refused,
    )
    await expect(elementsOf(withTypedWeight(7, [1], bytesField(7, Uint8Array.of(0x80))))).rejects.toEqual(
      refused,
    )
  })

  it('counts sub-byte types in whole bytes', () => {
    expect([rawByteLength('int4', 3), rawByteLength('uint2', 5), rawByteLength('float32', 3)]).toEqual([
      2, 2, 12,
    ])
  })
})
