import { BenchError } from './errors.js'

/** A bound that a metric must keep: `'>=0.8'`, `'<=1.15'`, `'<5'`, `'>5'` or `'=0'`. */
export type Target = `${'>=' | '<=' | '<' | '>' | '='}${number}`

const PATTERN = /^(>=|<=|<|>|=)\s*(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i

/**
 * Whether `value` keeps `target`. NaN keeps none.
 *
 * @throws BenchError `TESTING_BENCH_BAD_TARGET`
 */
export function meets(value: number, target: Target): boolean {
  const match = PATTERN.exec(target)
  if (match === null) {
    throw new BenchError(
      'TESTING_BENCH_BAD_TARGET',
      `"${target}" is no target: write one like ">=0.8" or "<5".`,
      {
        details: { target },
      },
    )
  }
  const bound = Number(match[2])
  switch (match[1]) {
    case '>=':
      return value >= bound
    case '<=':
      return value <= bound
    case '>':
      return value > bound
    case '<':
      return value < bound
    default:
      return value === bound
  }
}
