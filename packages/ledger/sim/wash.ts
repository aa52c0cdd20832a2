/**
 * Searches for a way of paying oneself that gains: one person is client, worker, staker and sponsor's guest.
 *
 *     pnpm sim wash --seed 7
 *     pnpm sim wash --seeds 1..1000
 *     pnpm sim wash --seed 7 --burn 100000 --mint 500000
 *
 * Each seed draws its own parameters among those that a genesis may have, unless `--burn` and `--mint` (millionths)
 * put others in their place, unchecked. Vesting coins count in full. `--strategy` prints the
 * best strategy of a seed that fails. Exits with 1 and the seed where something gains.
 */
import { parseArgs } from 'node:util'
import { brokenRules } from './wash/rules.ts'
import { search } from './wash/search.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string' },
    burn: { type: 'string' },
    mint: { type: 'string' },
    stake: { type: 'string', default: '0.5' },
    strategy: { type: 'boolean', default: false },
    varied: { type: 'string', default: '30' },
  },
})
const [first, last = first] = (values.seeds ?? values.seed).split('..').map(Number)
const given =
  values.burn === undefined || values.mint === undefined
    ? undefined
    : brokenRules(
        { 'rewards/burnShare': Number(values.burn), 'rewards/mintShare': Number(values.mint) },
        Number(values.stake),
      )

const failing: number[] = []
const made: Record<string, number> = {}
let played = 0
let washed = 0n
let payments = 0
let bestMargin = Number.NEGATIVE_INFINITY
for (let seed = first!; seed <= last!; seed++) {
  const found = search(seed, given, { varied: Number(values.varied) })
  played += found.played
  washed += found.best.washed
  payments += found.best.payments
  for (const [kind, times] of Object.entries(found.made)) made[kind] = (made[kind] ?? 0) + times
  if (found.best.washed > 0n) {
    bestMargin = Math.max(bestMargin, Number(found.best.gain) / Number(found.best.washed))
  }
  if (found.holes.length === 0) continue
  failing.push(seed)
  console.error(`seed ${seed}: ${found.holes.at(-1)}`)
  if (values.strategy) console.error(JSON.stringify({ rules: found.rules, strategy: found.strategy }))
}
console.log(
  JSON.stringify({
    sim: 'wash',
    seeds: `${first}..${last}`,
    strategies: played,
    made,
    // Of the best strategy of each seed.
    washed: Number(washed),
    payments,
    bestMargin,
    failing,
    ok: failing.length === 0,
  }),
)
process.exitCode = failing.length === 0 ? 0 : 1
