import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { BrokenRule } from './broken.ts'
import { type Outcome, simulateConsensus } from './simulate.ts'

/** Seeds to run. */
export interface SeedRange {
  first: number
  /** The last of them. */
  last: number
  broken?: BrokenRule | undefined
  forksOnly: boolean
}

/** Seeds that a worker gets at a time. */
const BATCH = 10

/** Runs a range of seeds on some cores; outcomes come in the order in which they are ready. */
export async function runSeeds(
  { jobs, ...range }: SeedRange & { jobs: number },
  report: (outcome: Outcome) => void,
): Promise<void> {
  const { first, last, broken, forksOnly } = range
  if (jobs <= 1 || last - first < BATCH) {
    for (let seed = first; seed <= last; seed++) report(simulateConsensus({ seed, broken, forksOnly }))
    return
  }
  let next = first
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url))
    while (next <= last) {
      const batch: SeedRange = { ...range, first: next, last: Math.min(last, next + BATCH - 1) }
      next = batch.last + 1
      worker.postMessage(batch)
      const [outcomes] = (await once(worker, 'message')) as [Outcome[]]
      for (const outcome of outcomes) report(outcome)
    }
    await worker.terminate()
  }
  await Promise.all(Array.from({ length: jobs }, work))
}
