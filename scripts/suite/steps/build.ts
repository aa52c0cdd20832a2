import { execNode } from '../exec.ts'
import type { Step } from '../step.ts'
import { sum, verdict } from '../tally.ts'
import { failures, runTask } from '../turbo.ts'

const tsc = 'node_modules/typescript/bin/tsc'

export const build: Step = {
  name: 'build',
  group: 'build',
  what: 'every package builds',
  async run(log) {
    const results = await runTask('build', { log })
    const failed = failures('build', results)
    return { passed: results.length - failed.length, failed, skipped: [] }
  },
}

export const typecheck: Step = {
  name: 'typecheck',
  group: 'build',
  what: 'every package, its tests, benchmarks and simulators, and these scripts have sound types',
  async run(log) {
    const results = await runTask('typecheck', { log })
    const failed = failures('typecheck', results)
    const scripts = await execNode([tsc, '-p', 'scripts/tsconfig.json'])
    log(scripts.output)
    return sum([
      { passed: results.length - failed.length, failed, skipped: [] },
      verdict('typecheck scripts', scripts.code === 0 ? undefined : 'see tsc above'),
    ])
  },
}
