import { ROUGH } from './hive/options.ts'
import { reportHive } from './hive/report.ts'
import { simulateHive } from './hive/simulateHive.ts'
const extra = JSON.parse(process.argv[2] ?? '{}')
const t = performance.now()
const run = await simulateHive({ seed: 1, ...ROUGH, ...extra })
console.log(reportHive(run), performance.now() - t)
const start = Math.min(...run.requests.map(r => r.atMs))
const by = new Map<string, number>()
for (const r of run.requests) if (r.code) { const k = `${r.code} ${r.model} ${Math.floor((r.atMs - start) / 5000) * 5}s`; by.set(k, (by.get(k) ?? 0) + 1) }
console.log(by)
console.log([...run.replicas].map(([m, c]) => `${m} ${c.filter((_, i) => i % 5 === 0).join(' ')}`).join('\n'))
