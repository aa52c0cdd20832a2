import { parentPort } from 'node:worker_threads'
import type { SeedRange } from './run-seeds.ts'
import { simulateConsensus } from './simulate.ts'

/** Runs the seeds that it is sent, and sends their outcomes back. */
parentPort!.on('message', ({ first, last, broken, forksOnly }: SeedRange) => {
  const seeds = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  parentPort!.postMessage(seeds.map(seed => simulateConsensus({ seed, broken, forksOnly })))
})
