/**
 * Simulates a hive under churn, liars, slow and mute nodes and a partition, on a virtual clock.
 *
 *     pnpm sim hive --seed 7 --nodes 3000
 *
 * Runs it with and without hedging, checks what must hold, and prints the figures. Exits with 1 and the seed
 * where something does not hold.
 */
import { parseArgs } from 'node:util'
import { brokenPromises } from './hive/check.ts'
import { ROUGH } from './hive/options.ts'
import { reportHive } from './hive/report.ts'
import { simulateHive } from './hive/simulate-hive.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    nodes: { type: 'string', default: '3000' },
    clients: { type: 'string', default: '40' },
    models: { type: 'string', default: '40' },
    rate: { type: 'string', default: '800' },
    seconds: { type: 'string', default: '60' },
  },
})
const options = {
  ...ROUGH,
  seed: values.seed,
  nodes: Number(values.nodes),
  clients: Number(values.clients),
  models: Number(values.models),
  requestsPerSecond: Number(values.rate),
  seconds: Number(values.seconds),
}

const hedged = reportHive(await simulateHive(options))
const plain = reportHive(await simulateHive({ ...options, hedgeShare: 0 }))
const broken = [...brokenPromises(hedged, options), ...brokenPromises(plain, { ...options, hedgeShare: 0 })]
for (const promise of broken) console.error(`seed ${options.seed}: ${promise}`)
console.log(JSON.stringify({ hedged, plain }, undefined, 2))
console.log(
  JSON.stringify({
    sim: 'hive',
    seed: options.seed,
    nodes: options.nodes,
    requests: hedged.requests,
    answered: hedged.answered / hedged.requests,
    tailRatio: hedged.tailMs / plain.tailMs,
    newModelAliveSeconds: hedged.newModelAliveSeconds,
    ok: broken.length === 0,
  }),
)
process.exitCode = broken.length === 0 ? 0 : 1
