import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bytesSource, createMeter, type MeteredInput, openModel, type WorkUnits } from '../src/index.js'
import { contradictions, exactlyKnown, exposingEverything, runForShapes } from './every-value.js'
import { llama, SMOL_LM } from './networks/llama.js'
import { RESNET_50, resNet } from './networks/resnet.js'
import { BERT_BASE, bert, GPT_2, gpt } from './networks/transformers.js'
import { WHISPER_TINY, whisper } from './networks/whisper.js'

const meterOf = async (bytes: Uint8Array) => createMeter(await openModel(bytesSource(bytes)))

async function workOf(bytes: Uint8Array, inputs: readonly MeteredInput[]): Promise<WorkUnits> {
  return (await meterOf(bytes)).workUnits(inputs)
}

const float = (name: string, ...dims: number[]): MeteredInput => ({ name, type: 'float32', dims })
const int64 = (name: string, ...dims: number[]): MeteredInput => ({ name, type: 'int64', dims })

const cache = (layers: number, ...dims: number[]) =>
  Array.from({ length: layers }, (_, layer) => [`past_key_${layer}`, `past_value_${layer}`])
    .flat()
    .map(name => float(name, ...dims))

const gptInputs = (layers: number, heads: number, width: number, sequence: number, past: number) => [
  int64('ids', 1, sequence),
  ...cache(layers, 1, heads, past, width),
]

const llamaInputs = (layers: number, keyHeads: number, width: number, sequence: number, past: number) => [
  int64('ids', 1, sequence),
  int64('mask', 1, past + sequence),
  ...cache(layers, 1, keyHeads, past, width),
]

const whisperInputs = (frames: number, sequence: number, cached: number, heads: number, width: number) => [
  float('mel', 1, 80, frames),
  int64('ids', 1, sequence),
  { name: 'use_cache', type: 'bool', dims: [1], values: [cached > 0 ? 1 : 0] },
  float('cache', 1, heads, cached, width),
]

describe('shapes of small networks, every value, as ONNX Runtime gives them', () => {
  const small = { layers: 2, hidden: 64, heads: 4, words: 50, weights: true }
  it.each<[string, Uint8Array, readonly MeteredInput[]]>([
    ['ResNet', resNet({ blocks: [1, 2], width: 8, classes: 5, weights: true }), [float('x', 2, 3, 45, 64)]],
    ['BERT', bert(small), [int64('ids', 2, 9), int64('mask', 2, 9)]],
    ['GPT, a first call', gpt(small), gptInputs(2, 4, 16, 6, 0)],
    ['GPT, a next token', gpt(small), gptInputs(2, 4, 16, 1, 11)],
    ['Llama, a first call', llama({ ...small, inner: 96, keyHeads: 2 }), llamaInputs(2, 2, 16, 5, 0)],
    ['Llama, a next token', llama({ ...small, inner: 96, keyHeads: 2 }), llamaInputs(2, 2, 16, 1, 7)],
    ['Whisper, a first call', whisper(small), whisperInputs(30, 4, 0, 4, 16)],
    ['Whisper, a next token', whisper(small), whisperInputs(30, 1, 15, 4, 16)],
  ])('%s', async (_, bytes, inputs) => {
    const model = await openModel(bytesSource(bytes))
    const inferred = (await createMeter(model)).inferShapes(inputs)
    const dir = await mkdtemp(join(tmpdir(), 'network-'))
    await writeFile(join(dir, 'model.onnx'), exposingEverything(bytes, model))
    const seen = await runForShapes(join(dir, 'model.onnx'), inputs)
    await rm(dir, { recursive: true })
    expect(contradictions(inferred.values, seen)).toEqual([])
    expect(exactlyKnown(inferred.values, seen)).toBe(seen.size)
    expect(inferred).toMatchObject({ conflicts: [], assumptions: [], unknownOperators: [] })
  })
})

describe('multiply-adds of networks of full size', () => {
  it('ResNet-50 at 224 × 224: the published 4.09 billion', async () => {
    const work = await workOf(resNet(RESNET_50), [float('x', 1, 3, 224, 224)])
    expect(work.macs).toBe(4_089_184_256n)
    expect(work.isExact).toBe(true)
  })

  it.each([1, 128, 512])(
    'BERT-base of %i tokens: 12 · (12 · s · h² + 2 · s² · h) and the pooler',
    async length => {
      const { layers, hidden } = BERT_BASE
      const work = await workOf(bert(BERT_BASE), [int64('ids', 1, length), int64('mask', 1, length)])
      const perLayer = 12 * length * hidden ** 2 + 2 * length ** 2 * hidden
      expect(work.macs).toBe(BigInt(layers * perLayer + hidden ** 2))
    },
  )

  it.each([
    [64, 0],
    [1, 1000],
  ])('GPT-2 of %i new tokens after %i', async (length, past) => {
    const { layers, hidden, heads, words } = GPT_2
    const work = await workOf(gpt(GPT_2), gptInputs(layers, heads, hidden / heads, length, past))
    const perLayer = 12 * length * hidden ** 2 + 2 * length * (past + length) * hidden
    expect(work.macs).toBe(BigInt(layers * perLayer + length * hidden * words))
  })

  it.each([
    [64, 0],
    [1, 1000],
  ])('SmolLM2 of %i new tokens after %i', async (length, past) => {
    const { layers, hidden, inner, heads, keyHeads, words } = SMOL_LM
    const width = hidden / heads
    const work = await workOf(llama(SMOL_LM), llamaInputs(layers, keyHeads, width, length, past))
    const products = 2 * hidden ** 2 + 2 * hidden * keyHeads * width + 3 * hidden * inner
    const perLayer = length * products + 2 * length * (past + length) * hidden
    expect(work.macs).toBe(BigInt(layers * perLayer + length * hidden * words))
  })

  it('Whisper-tiny: a call that keeps the cache takes fewer, one whose condition is not told the most', async () => {
    const bytes = whisper(WHISPER_TINY)
    const { layers, hidden } = WHISPER_TINY
    const [first, next, untold] = await Promise.all([
      workOf(bytes, whisperInputs(3000, 1, 0, 6, 64)),
      workOf(bytes, whisperInputs(3000, 1, 1500, 6, 64)),
      workOf(
        bytes,
        whisperInputs(3000, 1, 1500, 6, 64).map(({ name, type, dims }) => ({ name, type, dims })),
      ),
    ])
    expect(first.macs - next.macs).toBe(BigInt(layers * 2 * 1500 * hidden ** 2))
    expect(untold.macs).toBe(first.macs)
    expect([first.isExact, next.isExact, untold.isExact]).toEqual([true, true, false])
    expect(untold.assumptions).toEqual([expect.stringContaining('If: a condition')])
  })
})

describe('shapes in symbols', () => {
  it.each<[string, Uint8Array, Readonly<Record<string, readonly (number | string)[]>>]>([
    ['ResNet', resNet(RESNET_50), { logits: ['n', 1000] }],
    ['BERT', bert(BERT_BASE), { states: ['batch', 'sequence', 768], pooled: ['batch', 768] }],
    [
      'GPT',
      gpt(GPT_2),
      { logits: ['batch', 'sequence', 50257], present_key_11: ['batch', 12, 'past + sequence', 64] },
    ],
  ])('%s', async (_, bytes, expected) => {
    const { outputs, conflicts } = (await meterOf(bytes)).inferShapes()
    const dims = new Map(outputs.map(output => [output.name, output.dims]))
    for (const [name, wanted] of Object.entries(expected)) expect(dims.get(name)).toEqual(wanted)
    expect(conflicts).toEqual([])
  })
})
