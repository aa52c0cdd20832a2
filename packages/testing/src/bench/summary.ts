import { BenchError } from './errors.js'

/** What a list of samples says, in the samples' own unit. */
export interface Summary {
  count: number
  min: number
  p5: number
  p25: number
  p50: number
  p75: number
  p95: number
  p99: number
  max: number
  mean: number
  /** Standard deviation of the samples. */
  deviation: number
}

/**
 * The value below which `fraction` (0 to 1) of the samples lie, interpolated between neighbours
 * (type 7 of Hyndman and Fan, 1996: what R and NumPy do by default).
 *
 * @throws BenchError `TESTING_BENCH_NO_SAMPLES`
 */
export function percentile(samples: readonly number[], fraction: number): number {
  return percentileOfSorted(ascending(samples), fraction)
}

/**
 * Percentiles, mean and deviation of `samples`.
 *
 * @throws BenchError `TESTING_BENCH_NO_SAMPLES`
 */
export function summarize(samples: readonly number[]): Summary {
  const sorted = ascending(samples)
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sorted.length
  return {
    count: sorted.length,
    min: sorted[0]!,
    p5: percentileOfSorted(sorted, 0.05),
    p25: percentileOfSorted(sorted, 0.25),
    p50: percentileOfSorted(sorted, 0.5),
    p75: percentileOfSorted(sorted, 0.75),
    p95: percentileOfSorted(sorted, 0.95),
    p99: percentileOfSorted(sorted, 0.99),
    max: sorted.at(-1)!,
    mean,
    deviation: Math.sqrt(variance),
  }
}

function ascending(samples: readonly number[]): number[] {
  if (samples.length === 0)
    throw new BenchError(
      'TESTING_BENCH_NO_SAMPLES',
      'There are no samples to sum up: run at least one round.',
    )
  return [...samples].sort((a, b) => a - b)
}

function percentileOfSorted(sorted: readonly number[], fraction: number): number {
  const position = (sorted.length - 1) * fraction
  const below = sorted[Math.floor(position)]!
  const above = sorted[Math.ceil(position)]!
  return below + (above - below) * (position - Math.floor(position))
}
