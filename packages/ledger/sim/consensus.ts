/**
 * Simulates whole clusters of validators on a virtual clock: bad networks, crashes, bad disks, faulty validators.
 *
 *     pnpm sim consensus --seed 7             one cluster, with its figures
 *     pnpm sim consensus --seed 7 --trace     and all that happens in it
 *     pnpm sim consensus --seeds 1..1000      many, on every core
 *     pnpm sim consensus --seeds 1..300 --broken lock     with a broken rule, which has to be caught
 *
 * Safety has to hold always, and liveness once everything but the faulty validators has healed. A seed gives the
 * same run every time. Prints the seed and the last of what happened where something does not hold, and exits
 * with 1.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { BROKEN_RULES, type BrokenRule, isBrokenRule } from './consensus/broken.ts'
import { runSeeds } from './consensus/run-seeds.ts'
import { type Outcome, simulateConsensus } from './consensus/simulate.ts'
import { addOutcome, emptySummary } from './consensus/summary.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string' },
    broken: { type: 'string' },
    forks: { type: 'boolean', default: false },
    jobs: { type: 'string', default: String(availableParallelism()) },
    trace: { type: 'boolean', default: false },
  },
})

/** Lines of a trace that are shown for a failure. */
const TAIL_LINES = 60

/** Failures that are shown whole. */
const MOST_SHOWN = 3

const [first, last = first] = (values.seeds ?? values.seed).split('..').map(Number)
const forksOnly = values.forks
const broken = values.broken === undefined ? undefined : brokenRule(values.broken)

const startMs = performance.now()
const summary = emptySummary()
const failed: number[] = []

function brokenRule(name: string): BrokenRule {
  if (isBrokenRule(name)) return name
  console.error(`Option '--broken' takes one of ${Object.keys(BROKEN_RULES).join(', ')}, not '${name}'`)
  process.exit(2)
}

function report(outcome: Outcome): void {
  addOutcome(summary, outcome)
  if (outcome.violations.length > 0) {
    failed.push(outcome.seed)
    if (failed.length <= MOST_SHOWN) showFailure(outcome)
  }
  if (summary.seeds % 500 === 0) console.log(`${summary.seeds} seeds, ${failed.length} failed`)
}

function showFailure({ seed, violations }: Outcome): void {
  const lines: string[] = []
  simulateConsensus({ seed, broken, forksOnly, trace: line => void lines.push(line) })
  console.error(`\nseed ${seed}: ${violations.join('; ')}\n${lines.slice(-TAIL_LINES).join('\n')}`)
  console.error(`Again: pnpm sim consensus --seed ${seed}${broken ? ` --broken ${broken}` : ''} --trace\n`)
}

if (values.trace) simulateConsensus({ seed: first!, broken, forksOnly, trace: line => console.log(line) })
await runSeeds({ first: first!, last: last!, broken, forksOnly, jobs: Number(values.jobs) }, report)

const minutes = (performance.now() - startMs) / 60_000
const ok = broken === undefined ? failed.length === 0 : failed.length > 0
console.log(
  JSON.stringify({
    sim: 'consensus',
    range: `${first}..${last}`,
    ...(broken && { broken }),
    ...summary,
    seedsPerMinute: Math.round(summary.seeds / minutes),
    failed: failed.sort((a, b) => a - b).slice(0, 50),
    ok,
  }),
)
process.exitCode = ok ? 0 : 1
