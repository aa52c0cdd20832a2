import type { Step } from '../step.ts'
import { failures, runTask } from '../turbo.ts'

export const examples: Step = {
  name: 'examples',
  group: 'test',
  what: 'every example does what it shows (`check` in its package.json)',
  async run(log) {
    const results = await runTask('check', { concurrency: '1', log })
    const failed = failures('example', results)
    return { passed: results.length - failed.length, failed, skipped: [] }
  },
}
