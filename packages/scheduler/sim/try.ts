import { CALM } from './hive/options.ts'
import { quantile } from './hive/report.ts'
import { simulateHive } from './hive/simulateHive.ts'

const extra = JSON.parse(process.argv[2] ?? '{}')
const run = await simulateHive({
  seed: 1,
  ...CALM,
  nodes: 12,
  requestsPerSecond: 1800,
  seconds: 20,
  ...extra,
})
const start = Math.min(...run.requests.map(r => r.atMs))
for (let s = 0; s < 20; s += 2) {
  const l = run.requests
    .filter(r => r.atMs - start >= s * 1000 && r.atMs - start < s * 1000 + 2000)
    .map(r => r.latencyMs)
    .sort((a, b) => a - b)
  console.log(
    s,
    l.length,
    quantile(l, 0.5).toFixed(1),
    quantile(l, 0.9).toFixed(1),
    quantile(l, 0.99).toFixed(1),
  )
}
