import { CALM, ROUGH } from './hive/options.ts'
import { reportHive } from './hive/report.ts'
import { simulateHive } from './hive/simulateHive.ts'

const t = performance.now()
const which = process.argv[2]
const extra = JSON.parse(process.argv[3] ?? '{}')
const run = await simulateHive({ seed: 1, ...(which === 'calm' ? CALM : ROUGH), ...extra })
console.log(reportHive(run), performance.now() - t)
console.log([...run.replicas].map(([m, c]) => m + ' ' + c.filter((_, i) => i % 5 == 0).join(' ')).join('\n'))
