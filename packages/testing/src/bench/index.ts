/**
 * Benchmarks that compare: both sides in one run, in turns, with their spread and their targets.
 *
 * @example
 * ```ts
 * import { interleave, report } from '@neurovoyance/testing/bench'
 *
 * const { ours, theirs, ratio } = await interleave({ ours: remote, theirs: local, rounds: 50 })
 * report({
 *   bench: 'infer-latency',
 *   metrics: { ratio, remoteP50Ms: ours.summary.p50, localP50Ms: theirs.summary.p50 },
 *   targets: { ratio: '<=1.15' },
 *   spread: { remote: { unit: 'ms', ...ours.summary }, local: { unit: 'ms', ...theirs.summary } },
 * })
 * ```
 */
export { BenchError, type BenchErrorCode } from './errors.js'
export {
  type Comparison,
  type InterleaveInit,
  interleave,
  type MeasureInit,
  type Measurement,
  measure,
  type Rounds,
  type Workload,
} from './measure.js'
export { type Report, type ReportInit, report, type Spread } from './report.js'
export { percentile, type Summary, summarize } from './summary.js'
export { meets, type Target } from './target.js'
