import { describe, expect, it } from 'vitest'
import { decoders } from '../sim/_decoders.ts'
import type { Decoder } from '../sim/fuzz/decoder.ts'
import { FuzzFailure, fuzz } from '../sim/fuzz/run.ts'

const FRAMES = 20_000
const SEED = 20_260

it('every decoder meets damaged and random frames with its own errors only (long form: pnpm sim fuzz)', async () => {
  const list = await decoders(SEED)
  const outcomes = await fuzz(list, { seed: SEED, frames: FRAMES })
  expect(outcomes.map(({ name }) => name)).toEqual(list.map(({ name }) => name))
  expect(outcomes.reduce((sum, { generated }) => sum + generated, 0)).toBeGreaterThanOrEqual(FRAMES)
  for (const { frames, accepted, refused } of outcomes) {
    expect(accepted).toBeGreaterThan(0)
    expect(accepted + Object.values(refused).reduce((sum, count) => sum + count, 0)).toBe(frames)
  }
})

describe('the fuzzer catches', () => {
  const samples = [Uint8Array.of(4, 0, 0, 0, 1, 2, 3, 4)]
  const size = (bytes: Uint8Array) =>
    bytes.length < 4 ? 0 : new DataView(bytes.slice().buffer).getUint32(0, true)
  const refuse = (code: string) => {
    throw Object.assign(new Error('no'), { code })
  }

  it.each<[string, Omit<Decoder, 'name' | 'samples' | 'codes'>]>([
    ['an error without a code', { decode: bytes => bytes[20]!.toString() }],
    [
      'an error of somebody else',
      { decode: bytes => (bytes.length === 8 ? bytes : refuse('ERR_OUT_OF_RANGE')) },
    ],
    [
      'a buffer of the size that a frame announces',
      { decode: bytes => new Uint8Array(Math.min(size(bytes), 1 << 26)).length },
    ],
    ['a value larger than its frame', { decode: bytes => 'x'.repeat(Math.min(size(bytes), 1 << 20)) }],
    ['a refused sample', { decode: () => refuse('TEST_NO') }],
    [
      'a value that does not come back',
      { decode: bytes => [...bytes], encode: (value: number[]) => Uint8Array.from(value).reverse() },
    ],
    [
      'a rejected promise',
      { decode: async bytes => (bytes.length > 0 ? bytes : Promise.reject(new TypeError('no'))) },
    ],
  ])('%s', async (_case, decoder) => {
    const faulty = { name: 'test/faulty', samples, codes: 'TEST_', ...decoder }
    await expect(fuzz([faulty], { seed: SEED, frames: 2000 })).rejects.toThrow(FuzzFailure)
  })
})
