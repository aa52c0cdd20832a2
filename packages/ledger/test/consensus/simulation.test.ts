import { describe, expect, it } from 'vitest'
import type { BrokenRule } from '../../sim/consensus/broken.ts'
import { drawPlan } from '../../sim/consensus/plan.ts'
import { type SimulateInit, simulateConsensus } from '../../sim/consensus/simulate.ts'
import { addOutcome, emptySummary } from '../../sim/consensus/summary.ts'

// The short form of `pnpm sim consensus --seeds 1..10000`; a failure names its seed.
const SEEDS = 250

// How long a simulation takes says nothing about it.
const patient = { timeout: 600_000 }

/** The first seed in which a broken rule shows, and how. */
function firstCaught(init: Omit<SimulateInit, 'seed'>): { seed: number; how: string } | undefined {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { violations } = simulateConsensus({ seed, ...init })
    if (violations.length > 0) return { seed, how: violations.join('; ') }
  }
  return undefined
}

describe('clusters with bad networks, disks and validators', patient, () => {
  it(`are safe always, and go on when all is healed (${SEEDS} seeds)`, () => {
    const summary = emptySummary()
    for (let seed = 1; seed <= SEEDS; seed++) {
      const outcome = simulateConsensus({ seed })
      expect(outcome.violations, `seed ${seed}`).toEqual([])
      addOutcome(summary, outcome)
    }
    // All that was to go wrong did.
    const { crashes, restored, logDamages, doubleVotes, amnesias, highestRound } = summary
    for (const count of [crashes, restored, logDamages, doubleVotes, amnesias, highestRound])
      expect(count).toBeGreaterThan(0)
  })

  it('run the same for the same seed', () => {
    for (const seed of [3, 4]) {
      const traces = [1, 2].map(() => {
        const lines: string[] = []
        const outcome = simulateConsensus({ seed, trace: line => void lines.push(line) })
        return { outcome, lines }
      })
      expect(traces[0]!.lines.length).toBeGreaterThan(1_000)
      expect(traces[1]).toEqual(traces[0])
    }
  })

  it('never have a third of the power faulty, at any height', () => {
    for (let seed = 1; seed <= 1_000; seed++) {
      const { nodes, updates } = drawPlan(seed)
      const powers = new Map(nodes.map(({ id, power }) => [id, power]))
      const isFaulty = new Map(nodes.map(node => [node.id, node.isFaulty]))
      for (const changes of [[], ...updates.values()]) {
        for (const { id, power } of changes) powers.set(id, power)
        const sum = (faultyOnly: boolean): bigint =>
          [...powers].reduce((all, [id, power]) => (isFaulty.get(id) || !faultyOnly ? all + power : all), 0n)
        expect(3n * sum(true), `seed ${seed}`).toBeLessThan(sum(false))
      }
    }
  })
})

describe('a broken rule is caught', patient, () => {
  it.each<[BrokenRule, RegExp]>([
    ['lock', /^evidence: v\d+ accused v\d+, who is sound$/],
    ['signer', /double sign/],
  ])('%s', (broken, how) => {
    expect(firstCaught({ broken })?.how).toMatch(how)
  })

  // Nothing but two blocks at one height counts here: a broken rule does what it is there to prevent.
  it.each<BrokenRule>(['lock', 'quorum'])('%s, by the fork that it makes', broken => {
    expect(firstCaught({ broken, forksOnly: true })?.how).toMatch(/^agreement: /)
  })
})
