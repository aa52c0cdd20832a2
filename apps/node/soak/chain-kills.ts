/**
 * Four validators under load; one, two or all of them are killed (`kill -9`) at random times, for as long as it is told.
 *
 *     pnpm soak chain-kills --minutes 10 --seed 1
 *
 * Exits with 1 where two have different blocks at a height, a transaction that was in a block is not there any more,
 * a validator was punished, or the chain does not go on.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createSeededRandom } from '@neurovoyance/testing/network'
import { compare, payerOf, startValidators } from './_validators.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    pause: { type: 'string', default: '4000' },
  },
})
const nv = fileURLToPath(new URL('../bin/nv.js', import.meta.url))
const random = createSeededRandom(values.seed)
const counts = { rounds: 0, killed: 0, refused: 0 }
const untilMs = performance.now() + Number(values.minutes) * 60_000

await using validators = await startValidators(nv)
const payer = await payerOf(validators)
await payer.pay()
const stop = new AbortController()
const load = keepPaying(stop.signal)
while (performance.now() < untilMs) {
  await pause(random.int(Number(values.pause)))
  const killed = anyOf(validators.names, [1, 1, 2, 2, 4][random.int(5)]!)
  await Promise.all(killed.map(name => validators.kill(name)))
  counts.killed += killed.length
  await pause(random.int(Number(values.pause)))
  // who is found by the others is there first
  const back = killed.toSorted((a, b) => Number(b === 'bootstrap') - Number(a === 'bootstrap'))
  for (const name of back) await validators.start(name)
  await nextBlock()
  counts.rounds++
  console.log(
    `round ${counts.rounds}: killed ${killed.join(', ')}; ${payer.committed.size} transactions in blocks`,
  )
}
stop.abort()
await load
await payer.pay()
const { height, forks, lost, punished } = await compare(validators, payer.committed)
const isHeld = forks.length === 0 && lost.length === 0 && punished.length === 0
console.log(
  JSON.stringify({
    soak: 'chain-kills',
    ...values,
    ...counts,
    height,
    committed: payer.committed.size,
    forks,
    lost,
    punished,
    ok: isHeld,
  }),
)
process.exitCode = isHeld ? 0 : 1

/** Some of the names, each as likely as another. */
function anyOf(names: readonly string[], count: number): string[] {
  const left = [...names]
  return Array.from({ length: count }, () => left.splice(random.int(left.length), 1)[0]!)
}

/** Pays without end; a validator that is killed under a payment is what this is about. */
async function keepPaying(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await payer.pay()
    } catch {
      counts.refused++
      await pause(50)
    }
  }
}

/** Resolves with the next transaction that is in a block: the chain goes on. */
async function nextBlock(): Promise<void> {
  const before = payer.committed.size
  const lateMs = performance.now() + 120_000
  while (payer.committed.size === before) {
    if (performance.now() > lateMs) {
      console.log(JSON.stringify({ soak: 'chain-kills', ...values, ...counts, ok: false, stuck: true }))
      process.exit(1)
    }
    await pause(50)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
