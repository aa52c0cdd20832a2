import { it } from 'vitest'
import { backendCases } from './cases.js'
import { difference } from './differences.js'
import { localRuns } from './local-runs.js'

it('try', async () => {
  const cases = (await backendCases())!
  using local = localRuns()
  using local2 = localRuns()
  const t = performance.now()
  for (const c of cases) {
    if ('unsupported' in c.inputs) continue
    const [a, b] = await Promise.all([
      local.run({ model: c.model, inputs: c.inputs as any }),
      local2.run({ model: c.model, inputs: c.inputs as any }),
    ])
    if ('outputs' in a !== 'outputs' in b) console.log(c.name, a, b)
    else if ('outputs' in a && 'outputs' in b) {
      const d = difference(a.outputs, b.outputs)
      if (d) console.log(c.name, d)
    }
  }
  console.log(performance.now() - t)
}, 600000)
