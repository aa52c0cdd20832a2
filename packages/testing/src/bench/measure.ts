import { BenchError } from './errors.js'
import { type Summary, summarize } from './summary.js'

/**
 * One thing to measure. It is timed from its call until its promise settles; where it returns a
 * number, that number is the sample instead (a rate, a size, a time that it took itself).
 */
export type Workload = () => unknown

/** How often a workload runs. */
export interface Rounds {
  /** Measured rounds; 30 when left out. */
  rounds?: number
  /** Rounds before those, whose samples are dropped; 3 when left out. */
  warmup?: number
}

/** What `measure` is given. */
export interface MeasureInit extends Rounds {
  run: Workload
}

/** What `interleave` is given. */
export interface InterleaveInit extends Rounds {
  ours: Workload
  theirs: Workload
}

/** Samples and what they say. */
export interface Measurement {
  samples: number[]
  summary: Summary
}

/** Two workloads, measured in the same minutes on the same machine. */
export interface Comparison {
  ours: Measurement
  theirs: Measurement
  /** Median of ours over median of theirs. */
  ratio: number
  /** Median of the rounds' own ratios: steadier than `ratio` where the machine's speed drifts. */
  pairedRatio: number
}

/**
 * Runs a workload for some rounds and sums up its samples: milliseconds, or what it returns.
 *
 * @throws BenchError `TESTING_BENCH_BAD_ROUNDS`, and what the workload throws
 */
export async function measure({ run, ...rounds }: MeasureInit): Promise<Measurement> {
  const samples: number[] = []
  for (const warm of schedule(rounds)) {
    const value = await sample(run)
    if (warm) samples.push(value)
  }
  return { samples, summary: summarize(samples) }
}

/**
 * Runs two workloads in turns, the first of each round alternating, so that a machine that
 * slows down, or a cache that one side fills for the other, weighs on both alike.
 *
 * @throws BenchError `TESTING_BENCH_BAD_ROUNDS`, and what the workloads throw
 */
export async function interleave({ ours, theirs, ...rounds }: InterleaveInit): Promise<Comparison> {
  const samples = { ours: [] as number[], theirs: [] as number[] }
  let oursFirst = true
  for (const warm of schedule(rounds)) {
    const first = await sample(oursFirst ? ours : theirs)
    const second = await sample(oursFirst ? theirs : ours)
    if (warm) {
      samples.ours.push(oursFirst ? first : second)
      samples.theirs.push(oursFirst ? second : first)
    }
    oursFirst = !oursFirst
  }
  const summaries = { ours: summarize(samples.ours), theirs: summarize(samples.theirs) }
  return {
    ours: { samples: samples.ours, summary: summaries.ours },
    theirs: { samples: samples.theirs, summary: summaries.theirs },
    ratio: summaries.ours.p50 / summaries.theirs.p50,
    pairedRatio: summarize(samples.ours.map((value, round) => value / samples.theirs[round]!)).p50,
  }
}

/** One entry a round: `false` while warming up, `true` when its samples count. */
function* schedule({ rounds = 30, warmup = 3 }: Rounds): Generator<boolean> {
  assertCount('rounds', rounds, 1)
  assertCount('warmup', warmup, 0)
  for (let round = 0; round < warmup + rounds; round++) yield round >= warmup
}

function assertCount(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return
  throw new BenchError(
    'TESTING_BENCH_BAD_ROUNDS',
    `${name} must be a whole number from ${least} up, not ${value}.`,
    {
      details: { name, value },
    },
  )
}

async function sample(run: Workload): Promise<number> {
  const startMs = performance.now()
  const returned = await run()
  return typeof returned === 'number' ? returned : performance.now() - startMs
}
