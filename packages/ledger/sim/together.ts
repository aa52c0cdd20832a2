/**
 * Everybody does anything, on a chain of every module: random transactions of every kind, time, faults.
 *
 *     pnpm sim together --seed 7
 *     pnpm sim together --seeds 1..1000
 *
 * After every block: coins are conserved, none of a kind is below zero, no coin is liquid that was not or left the
 * queue, and the queue lets out no more than its cap. In the middle the chain goes on as another, which has to stay
 * alike. In the end everybody takes everything out, and the whole is replayed. Exits with 1 and the seed where
 * something does not hold. `--steps` says how much happens.
 */
import { parseArgs } from 'node:util'
import { live } from './together/live.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string' },
    steps: { type: 'string', default: '120' },
  },
})
const [first, last = first] = (values.seeds ?? values.seed).split('..').map(Number)
const failing: number[] = []
const done: Record<string, number> = {}
let blocks = 0
for (let seed = first!; seed <= last!; seed++) {
  try {
    const lived = live(seed, Number(values.steps))
    blocks += lived.blocks
    for (const [kind, times] of lived.done) done[kind] = (done[kind] ?? 0) + times
  } catch (error) {
    failing.push(seed)
    console.error(`seed ${seed}: ${(error as Error).stack}`)
  }
}
console.log(
  JSON.stringify({
    sim: 'together',
    seeds: `${first}..${last}`,
    blocks,
    done,
    failing,
    ok: failing.length === 0,
  }),
)
process.exitCode = failing.length === 0 ? 0 : 1
