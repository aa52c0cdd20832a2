import { describe, expect, it } from 'vitest'
import { brokenPromises } from '../sim/hive/check.ts'
import { CALM, type HiveOptions, ROUGH } from '../sim/hive/options.ts'
import { reportHive } from '../sim/hive/report.ts'
import { simulateHive } from '../sim/hive/simulate-hive.ts'

// The short form of `pnpm sim hive --seed N --nodes 3000`; a failure names its seed.
const rough = { ...ROUGH, nodes: 120, clients: 10, models: 6, seconds: 30, requestsPerSecond: 120 }
const calm = { ...CALM, nodes: 20, requestsPerSecond: 800, seconds: 12 }

const simulate = async (options: HiveOptions) => reportHive(await simulateHive(options))

// How long a simulation takes says nothing about it.
const patient = { timeout: 120_000 }

describe('a hive of 120 nodes with churn, liars, slow and mute nodes, and a partition', patient, () => {
  it.each([1, 2, 3, 4])('keeps its promises (seed %i)', async seed => {
    const options = { ...rough, seed }
    const report = await simulate(options)
    expect(brokenPromises(report, options), `seed ${seed}`).toEqual([])
    expect(
      report.deadSends,
      `seed ${seed}: no node was asked in vain, so nothing was tested`,
    ).toBeGreaterThan(0)
  })

  it('runs the same for the same seed', async () => {
    const options = { ...rough, nodes: 40, seconds: 10, seed: 'again' }
    const first = await simulateHive(options)
    const second = await simulateHive(options)
    expect(second.requests).toEqual(first.requests)
  })
})

describe('a calm hive of 20 nodes, with one straggler among fifty runs', patient, () => {
  it.each([1, 2, 3])('hedges its tail and spreads its load (seed %i)', async seed => {
    const [hedged, plain, ideal, random] = await Promise.all([
      simulate({ ...calm, seed }),
      simulate({ ...calm, seed, hedgeShare: 0 }),
      simulate({ ...calm, seed, placement: 'ideal' }),
      simulate({ ...calm, seed, placement: 'random' }),
    ])
    const figures = `seed ${seed}: ${JSON.stringify({ hedged, plain, ideal, random })}`
    // With hedging the tail is at most three quarters of what it is without.
    expect(hedged.tailMs / plain.tailMs, figures).toBeLessThan(0.75)
    // A chooser that sees every queue as it is does hardly better in the middle; any host is far worse.
    expect(hedged.p50Ms / ideal.p50Ms, figures).toBeLessThan(1.1)
    expect(hedged.p50Ms / random.p50Ms, figures).toBeLessThan(0.5)
    // Work is spread over nodes that are alike, near and far, at least as evenly as that chooser does.
    expect(hedged.fairness, figures).toBeGreaterThan(ideal.fairness - 0.05)
    expect(hedged.answered, figures).toBe(hedged.requests)
  })
})
