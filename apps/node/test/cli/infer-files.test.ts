import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Hive } from '@neurovoyance/testing/hive'
import { buildModel, node, type TestModel, value } from '@neurovoyance/testing/models'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeNpy } from '../../src/files/npy.js'
import { wavFile } from '../files/wav-file.js'
import { hiveOf, saveModel } from '../hive/fixture.js'
import { nv } from './nv.js'

/** The mean of each colour of a picture of 4 by 4 pixels. */
const meanColour: TestModel = {
  name: 'mean-colour',
  bytes: buildModel({
    graph: {
      inputs: [value('image', 'float32', [1, 3, 4, 4])],
      outputs: [value('mean', 'float32', [1, 3, 1, 1])],
      nodes: [node('GlobalAveragePool', ['image'], ['mean'])],
    },
  }),
  inputs: {},
}

/** A sound upside down. */
const inverted: TestModel = {
  name: 'inverted',
  bytes: buildModel({
    graph: {
      inputs: [value('audio', 'float32', [1, 'samples'])],
      outputs: [value('inverted', 'float32', [1, 'samples'])],
      nodes: [node('Neg', ['audio'], ['inverted'])],
    },
  }),
  inputs: {},
}

describe('nv infer with files of other programs', () => {
  let hive: Hive
  let at: string[]
  const file = (name: string) => join(hive.folder, name)

  beforeAll(async () => {
    hive = await hiveOf({ nodes: 1 })
    at = ['--home', hive.nodes[0]!.home]
    for (const model of [meanColour, inverted]) await hive.addModel(await saveModel(model))
  })

  afterAll(() => hive?.stop())

  async function infer(...args: string[]): Promise<Record<string, { dims: number[]; data: number[] }>> {
    const result = await nv(['infer', ...args, '--json', ...at])
    expect(result.code, result.out + result.err).toBe(0)
    return result.json<{ outputs: Record<string, { dims: number[]; data: number[] }> }>().outputs
  }

  const orange = () => sharp({ create: { width: 12, height: 9, channels: 3, background: '#ff3300' } })

  it('reads a PNG, resized and normalized as the model wants it', async () => {
    await orange().png().toFile(file('orange.png'))
    const { mean } = await infer('mean-colour', '--input', `image=${file('orange.png')}`)
    expect(mean!.dims).toEqual([1, 3, 1, 1])
    for (const [channel, expected] of [1, 0.2, 0].entries())
      expect(mean!.data[channel]).toBeCloseTo(expected, 5)

    const options = ['--mean', '0.5,0.2,0.1', '--std', '0.5,0.1,0.1']
    const normalized = await infer('mean-colour', '--input', file('orange.png'), ...options)
    for (const [channel, expected] of [1, 0, -1].entries())
      expect(normalized.mean!.data[channel]).toBeCloseTo(expected, 5)
  })

  it('reads a JPEG', async () => {
    await orange().jpeg({ quality: 100 }).toFile(file('orange.jpg'))
    const { mean } = await infer('mean-colour', '--input', `image=${file('orange.jpg')}`)
    for (const [channel, expected] of [1, 0.2, 0].entries())
      expect(mean!.data[channel]).toBeCloseTo(expected, 1)
  })

  it('reads a WAV and writes what comes back', async () => {
    await writeFile(file('two.wav'), wavFile(16, 1, Buffer.from(Int16Array.of(16_384, -8_192).buffer)))
    const out = file('back/two.npy')
    await infer('inverted', '--input', `audio=${file('two.wav')}`, '--output', `inverted=${out}`)
    expect(decodeNpy(await readFile(out))).toEqual({
      type: 'float32',
      dims: [1, 2],
      data: Float32Array.of(-0.5, 0.25),
    })
  })

  it('refuses a picture for an input that takes none', async () => {
    await orange().png().toFile(file('silent.png'))
    const result = await nv(['infer', 'inverted', '--input', file('silent.png'), ...at])
    expect(result.code).toBe(2)
    expect(result.err).toMatch(/2 dimensions.*\[NODE_INPUT_FILE\]/)
  })
})
