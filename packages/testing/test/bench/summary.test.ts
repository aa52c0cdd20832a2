import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { percentile, summarize } from '../../src/bench/index.js'

const samples = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 200 })

describe('percentile', () => {
  it('interpolates as NumPy does by default', () => {
    expect(percentile([15, 20, 35, 40, 50], 0.4)).toBeCloseTo(29)
    expect(percentile([1, 2, 3, 4], 0.5)).toBe(2.5)
    expect(percentile([7], 0.99)).toBe(7)
  })

  it('needs samples', () => {
    expect(() => percentile([], 0.5)).toThrow(expect.objectContaining({ code: 'TESTING_BENCH_NO_SAMPLES' }))
  })

  it('grows with the fraction and does not depend on the order', () => {
    fc.assert(
      fc.property(
        samples,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, a, b) => {
          const [low, high] = a < b ? [a, b] : [b, a]
          expect(percentile(list, low)).toBeLessThanOrEqual(percentile(list, high))
          expect(percentile(list.toReversed(), a)).toBe(percentile(list, a))
        },
      ),
    )
  })
})

describe('summarize', () => {
  it('keeps its figures in order and within the samples', () => {
    fc.assert(
      fc.property(samples, list => {
        const { min, p5, p25, p50, p75, p95, p99, max } = summarize(list)
        const figures = [min, p5, p25, p50, p75, p95, p99, max]
        expect(figures).toEqual(figures.toSorted((a, b) => a - b))
        expect([min, max]).toEqual([Math.min(...list), Math.max(...list)])
      }),
    )
  })

  it('gives mean and standard deviation', () => {
    expect(summarize([2, 4, 4, 4, 5, 5, 7, 9])).toMatchObject({ count: 8, mean: 5, deviation: 2 })
  })
})
