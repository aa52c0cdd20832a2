import { NeurovoyanceError } from '@neurovoyance/protocol'

/** Codes of the errors that benchmarks throw. */
export type BenchErrorCode =
  | 'TESTING_BENCH_NO_SAMPLES'
  | 'TESTING_BENCH_BAD_ROUNDS'
  | 'TESTING_BENCH_BAD_TARGET'
  | 'TESTING_BENCH_BAD_METRIC'

/** A benchmark that was set up wrongly: the message says what to change. */
export class BenchError extends NeurovoyanceError<BenchErrorCode> {
  override name = 'BenchError'
}
