import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ValueCache } from '../../src/store/value-cache.js'

const LEAVES = 40
const step = fc.tuple(
  fc.constantFrom('put', 'put', 'get', 'drop'),
  fc.integer({ min: 1, max: LEAVES }),
  fc.uint8Array({ maxLength: 120 }),
)

describe('the cache of values', () => {
  it.each([0, 64, 1_000, 4_096, 1_000_003])('of %i bytes has the last value of a leaf or none', maxBytes => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), steps => {
        const cache = new ValueCache(maxBytes)
        const values = new Map<number, Uint8Array>()
        for (const [move, leaf, value] of steps) {
          if (move === 'put') {
            cache.put(leaf, value)
            values.set(leaf, value)
          } else if (move === 'drop') {
            cache.drop(leaf)
            values.delete(leaf)
          }
          const seen = cache.get(leaf)
          if (seen !== undefined) expect(seen).toEqual(values.get(leaf))
          // Large enough for everything that was ever written: nothing may be missing.
          if (maxBytes > 400 * 160) expect(seen).toEqual(values.get(leaf))
        }
        for (const [leaf, value] of values) expect([undefined, value]).toContainEqual(cache.get(leaf))
      }),
    )
  })

  it('takes no more memory than it may, and keeps what is read again and again', () => {
    const cache = new ValueCache(2 ** 16)
    const favourite = new Uint8Array(60).fill(9)
    cache.put(1, favourite)
    for (let leaf = 2; leaf < 20_000; leaf++) {
      cache.put(leaf, new Uint8Array(60).fill(leaf))
      if (leaf % 50 === 0) expect(cache.get(1)).toEqual(favourite)
    }
    expect(cache.get(2)).toBeUndefined()
    expect(cache.get(19_999)).toBeDefined()
    expect(cache.sizeBytes).toBeLessThan(2 ** 16 + 8 * 32_768 + 1)
  })

  it('gives copies that later values do not change', () => {
    const cache = new ValueCache(2 ** 16)
    cache.put(1, Uint8Array.of(1, 2, 3))
    const seen = cache.get(1)
    cache.put(1, Uint8Array.of(4, 5, 6))
    expect(seen).toEqual(Uint8Array.of(1, 2, 3))
  })
})
