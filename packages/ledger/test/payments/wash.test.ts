import { describe, expect, it } from 'vitest'
import { meantMargin } from '../../sim/wash/holes.ts'
import { brokenRules } from '../../sim/wash/rules.ts'
import { search } from '../../sim/wash/search.ts'
import { MOVES } from '../../sim/wash/strategy.ts'

// The short form of `pnpm sim wash --seeds 1..2000`; a failure names its seed.
const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1)

const broken = (burn: number, mint: number, validators = false) =>
  brokenRules({ 'rewards/burnShare': burn, 'rewards/mintShare': mint }, 0.5, validators)

describe('paying oneself', () => {
  it('gains nothing, whatever the parameters are that a genesis may have', () => {
    const found = SEEDS.map(seed => search(seed))
    expect(found.filter(({ holes }) => holes.length > 0).map(({ seed, holes }) => ({ seed, holes }))).toEqual(
      [],
    )
    // Somebody who never pays himself loses nothing, and shows nothing.
    for (const { seed, best } of found) expect(best.washed, `seed ${seed}`).toBeGreaterThan(0n)
    const made = new Set(found.flatMap(each => Object.keys(each.made)))
    expect(MOVES.filter(kind => !made.has(kind))).toEqual([])
  })

  it('gains with the rule broken on purpose, and the search finds it: k = 0.5, b = 0.1', () => {
    const { best, holes } = search(1, broken(100_000, 500_000))
    expect(best.gain).toBeGreaterThan(0n)
    expect(holes).not.toEqual([])
    expect(search(1, broken(100_000, 500_000, true)).best.gain).toBeGreaterThan(0n)
  })

  it('gains as little more than what it burns as the rule says: k = 0.15, b = 0.1, v and t', () => {
    const rules = broken(100_000, 150_000)
    expect(meantMargin(rules)).toBe(15_000n)
    const { best } = search(1, rules)
    expect(best.gain).toBeGreaterThan(0n)
    // All of it but fees: 1.5% of what was washed.
    expect(Number(best.gain) / Number(best.washed)).toBeGreaterThan(0.0145)
    expect(Number(best.gain) / Number(best.washed)).toBeLessThanOrEqual(0.015)
    expect(search(1, broken(100_000, 130_000)).best.gain).toBeLessThan(0n)
  })

  it('is found again by the same seed', () => {
    const rules = broken(100_000, 500_000)
    expect(search(3, rules, { drawn: 4, varied: 4 })).toEqual(search(3, rules, { drawn: 4, varied: 4 }))
  })
})
