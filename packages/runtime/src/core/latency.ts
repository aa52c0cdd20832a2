/** How long a model takes, learned from its runs. */
export interface Latency {
  /** The latest runs in microseconds, oldest overwritten first. */
  readonly recentUs: Float64Array
  /** Runs ever seen. */
  count: number
  /** Median of `recentUs`; 0 before the first run. */
  p50Us: number
}

const WINDOW = 33

/** A model of which nothing is known. */
export function createLatency(): Latency {
  return { recentUs: new Float64Array(WINDOW), count: 0, p50Us: 0 }
}

/** Takes a run into account: the median of the last 33, so that one slow run moves nothing. */
export function observeLatency(latency: Latency, runUs: number): void {
  latency.recentUs[latency.count % WINDOW] = runUs
  latency.count++
  const seen = latency.recentUs.slice(0, Math.min(latency.count, WINDOW)).sort()
  latency.p50Us = seen[seen.length >> 1]!
}
