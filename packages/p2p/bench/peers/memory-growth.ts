const SAMPLE_MS = 50

/** Watches how far this process grows; the function that it returns ends that, and says how many bytes at most. */
export function watchGrowth(): () => number {
  globalThis.gc?.()
  const before = process.memoryUsage.rss()
  let most = before
  const sample = (): void => {
    most = Math.max(most, process.memoryUsage.rss())
  }
  const timer = setInterval(sample, SAMPLE_MS)
  return () => {
    clearInterval(timer)
    sample()
    return most - before
  }
}
