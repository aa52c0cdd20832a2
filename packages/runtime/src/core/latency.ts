/** How long a model takes, learned from its runs. */
export interface Latency {
  /** The latest runs in microseconds, oldest overwritten first. */
  readonly recentUs: Float64Array
  /** The same in order of size. */
  readonly sortedUs: Float64Array
  /** Runs ever seen. */
  count: number
  /** Median of `recentUs`; 0 before the first run. */
  p50Us: number
}

const WINDOW = 33

/** A model of which nothing is known. */
export function createLatency(): Latency {
  const [recentUs, sortedUs] = [new Float64Array(WINDOW), new Float64Array(WINDOW)]
  return { recentUs, sortedUs, count: 0, p50Us: 0 }
}

/** Takes a run into account: the median of the last 33, so that one slow run moves nothing. */
export function observeLatency(latency: Latency, runUs: number): void {
  const { recentUs, sortedUs, count } = latency
  const at = count % WINDOW
  // This is on an answer's way: the new run takes the oldest one's place in the order, and nothing is made.
  let place = count < WINDOW ? count : sortedUs.indexOf(recentUs[at]!)
  for (; place > 0 && sortedUs[place - 1]! > runUs; place--) sortedUs[place] = sortedUs[place - 1]!
  const last = Math.min(count, WINDOW - 1)
  for (; place < last && sortedUs[place + 1]! < runUs; place++) sortedUs[place] = sortedUs[place + 1]!
  sortedUs[place] = runUs
  recentUs[at] = runUs
  latency.count++
  latency.p50Us = sortedUs[(last + 1) >> 1]!
}
