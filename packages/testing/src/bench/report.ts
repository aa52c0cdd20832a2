import { BenchError } from './errors.js'
import type { Summary } from './summary.js'
import { meets, type Target } from './target.js'

/** One line of a bench's plot: how far its samples spread. */
export interface Spread extends Summary {
  /** What the numbers count: `ms`, `MB/s`, `bytes`. */
  unit: string
}

/** What a benchmark found. */
export interface Report {
  bench: string
  metrics: Record<string, number>
  targets: Record<string, Target>
  /** Whether every target is met. */
  pass: boolean
  /** Percentiles of each side, by its name; plotted in docs/benchmarks.md. */
  spread?: Record<string, Spread>
}

/** What `report` is given; `argv` and `write` are the process's own when left out. */
export interface ReportInit {
  /** The file's name without `.ts`. */
  bench: string
  metrics: Record<string, number>
  /** Targets by metric; none when left out. */
  targets?: Record<string, Target>
  /** Summaries by side, with their unit: `{ remote: { unit: 'ms', ...comparison.ours.summary } }`. */
  spread?: Record<string, Spread>
  argv?: readonly string[]
  write?: (line: string) => void
}

/**
 * Ends a benchmark: prints a line for people about each target, and as the last line the report as
 * one JSON object. With `--check` on the command line a missed target makes the process exit with 1.
 *
 * @throws BenchError `TESTING_BENCH_BAD_TARGET`; `TESTING_BENCH_BAD_METRIC` for a target without a
 * metric or a metric that is no finite number
 */
export function report(init: ReportInit): Report {
  const { bench, targets = {}, argv = process.argv, write = console.log } = init
  for (const [name, value] of Object.entries(init.metrics)) assertFinite(name, value)
  const metrics = mapValues(init.metrics, significant)
  const verdicts = Object.entries(targets).map(([name, target]) => {
    const value = init.metrics[name]
    if (value === undefined) throw badMetric(name, `The target "${name}" has no metric of that name.`)
    return { name, target, met: meets(value, target) }
  })

  for (const { name, target, met } of verdicts)
    write(`${met ? 'met   ' : 'MISSED'} ${name} ${metrics[name]} (target ${target})`)
  const pass = verdicts.every(({ met }) => met)
  const found: Report = { bench, metrics, targets, pass }
  if (init.spread !== undefined) found.spread = mapValues(init.spread, roundedSpread)
  write(JSON.stringify(found))
  if (!pass && argv.includes('--check')) process.exitCode = 1
  return found
}

function assertFinite(name: string, value: number): void {
  if (!Number.isFinite(value))
    throw badMetric(name, `The metric "${name}" is ${value}: give a finite number.`)
}

function badMetric(name: string, message: string): BenchError {
  return new BenchError('TESTING_BENCH_BAD_METRIC', message, { details: { name } })
}

function roundedSpread({ unit, ...summary }: Spread): Spread {
  return { unit, ...mapValues(summary, significant) }
}

/** Six significant digits of a fraction; whole numbers as they are. */
function significant(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(6))
}

function mapValues<Name extends string, From, To>(
  record: Record<Name, From>,
  map: (value: From) => To,
): Record<Name, To> {
  return Object.fromEntries(
    Object.entries<From>(record).map(([name, value]) => [name, map(value)]),
  ) as Record<Name, To>
}
