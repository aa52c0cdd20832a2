import { existsSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { root } from '../../launch/workspace.mjs'
import { exec } from '../exec.ts'
import { workspacePackages } from '../packages.ts'
import type { Step } from '../step.ts'
import { sum, type Tally, within } from '../tally.ts'
import { testMachine, testMachineVariable } from '../test-machine.ts'
import { runTask, type TaskResult } from '../turbo.ts'

export const tests: Step = {
  name: 'tests',
  group: 'test',
  what: 'unit, property and process tests of every package',
  async run(log) {
    for (const { dir } of workspacePackages()) rmSync(reportOf(dir), { force: true })
    // Process tests measure themselves against deadlines: two packages at once on two cores miss them.
    const env = { [testMachineVariable]: testMachine() }
    const results = await runTask('test', { concurrency: '1', stream: true, env, log })
    return sum(results.map(tallyOf))
  },
}

export const scripts: Step = {
  name: 'scripts',
  group: 'test',
  what: 'the launcher, the checks themselves, and the programs that run benchmarks',
  async run(log) {
    const dir = 'scripts'
    rmSync(reportOf(dir), { force: true })
    const { code, output } = await exec('vitest', ['run'], { cwd: path.join(root, dir) })
    log(output)
    return tallyOf({ package: dir, dir, ...(code === 0 ? {} : { failure: `exit code ${code}` }) })
  },
}

function reportOf(dir: string): string {
  return path.join(root, dir, 'reports', 'tests.json')
}

/** The tests that a package's run counted; a run that failed without a failing test counts as one. */
function tallyOf({ package: name, dir, failure }: TaskResult): Tally {
  const file = reportOf(dir)
  const counted: Tally = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : { passed: 0, failed: [], skipped: [] }
  const tally = within(name, counted)
  if (failure !== undefined && tally.failed.length === 0)
    tally.failed.push({ name: `test ${name}`, why: failure })
  return tally
}
