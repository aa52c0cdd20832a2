import { describe, expect, it } from 'vitest'
import { interleave, measure } from '../../src/bench/index.js'

describe('measure', () => {
  it('drops the samples of the warm-up and keeps the number that a workload returns', async () => {
    let call = 0
    const { samples, summary } = await measure({ run: () => ++call, rounds: 3, warmup: 2 })
    expect(samples).toEqual([3, 4, 5])
    expect(summary.p50).toBe(4)
  })

  it('times a workload that returns nothing', async () => {
    const { samples } = await measure({ run: async () => undefined, rounds: 2, warmup: 0 })
    expect(samples).toHaveLength(2)
    for (const sample of samples) expect(sample).toBeGreaterThanOrEqual(0)
  })

  it.each([
    ['rounds', { rounds: 0 }],
    ['rounds', { rounds: 1.5 }],
    ['warmup', { warmup: -1 }],
  ])('names the field when %s is wrong', async (name, rounds) => {
    await expect(measure({ run: () => 1, ...rounds })).rejects.toMatchObject({
      code: 'TESTING_BENCH_BAD_ROUNDS',
      details: { name },
    })
  })
})

describe('interleave', () => {
  it('takes turns, the first of each round alternating', async () => {
    const calls: string[] = []
    const side = (name: string) => () => {
      calls.push(name)
      return 1
    }
    await interleave({ ours: side('ours'), theirs: side('theirs'), rounds: 2, warmup: 1 })
    expect(calls).toEqual(['ours', 'theirs', 'theirs', 'ours', 'ours', 'theirs'])
  })

  it('gives the ratio of the medians and the median of the ratios', async () => {
    const ours = [10, 20, 90]
    const theirs = [10, 10, 30]
    const next = (samples: number[]) => () => samples.shift()!
    const comparison = await interleave({ ours: next(ours), theirs: next(theirs), rounds: 3, warmup: 0 })
    expect(comparison.ratio).toBe(2)
    expect(comparison.pairedRatio).toBe(2)
    expect(comparison.theirs.samples).toEqual([10, 10, 30])
  })
})
