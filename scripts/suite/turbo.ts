import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { root } from '../launch/workspace.mjs'
import { execNode } from './exec.ts'
import { workspacePackages } from './packages.ts'
import type { Remark } from './tally.ts'

/** What became of one package's task. */
export interface TaskResult {
  package: string
  dir: string
  /** Why it failed or never began; undefined where it passed. */
  failure?: string
}

interface RunSummary {
  tasks: { task: string; package: string; cache: { status: string }; execution?: { exitCode?: number } }[]
}

const turboProgram = path.join(root, 'node_modules', 'turbo', 'bin', 'turbo')

/** Runs `task` in every package that has it, and goes on after failures with those that do not depend on them. */
export async function runTask(
  task: string,
  {
    concurrency = '100%',
    stream = false,
    env = {},
    log,
  }: { concurrency?: string; stream?: boolean; env?: NodeJS.ProcessEnv; log: (text: string) => void },
): Promise<TaskResult[]> {
  const expected = workspacePackages().filter(({ manifest }) => manifest.scripts?.[task] !== undefined)
  const { output } = await execNode(
    [
      turboProgram,
      'run',
      task,
      '--continue=dependencies-successful',
      '--summarize',
      '--ui=stream',
      '--output-logs=new-only',
      `--log-order=${stream ? 'stream' : 'grouped'}`,
      `--concurrency=${concurrency}`,
    ],
    { stream, env },
  )
  if (!stream) log(output)

  const { tasks } = takeSummary(output)
  return expected.map(({ name, dir }) => {
    const found = tasks.find(candidate => candidate.task === task && candidate.package === name)
    const failure = failureOf(found)
    return failure === undefined ? { package: name, dir } : { package: name, dir, failure }
  })
}

/** The failures among `results`, as remarks. */
export function failures(task: string, results: readonly TaskResult[]): Remark[] {
  return results.flatMap(({ package: name, failure }) =>
    failure === undefined ? [] : [{ name: `${task} ${name}`, why: failure }],
  )
}

function failureOf(task: RunSummary['tasks'][number] | undefined): string | undefined {
  const exitCode = task?.execution?.exitCode
  if (task?.cache.status === 'HIT' || exitCode === 0) return undefined
  return exitCode === undefined ? 'not run: something that it needs failed' : `exit code ${exitCode}`
}

/** Reads and removes the summary that Turbo wrote; without one, no task ran. */
function takeSummary(output: string): RunSummary {
  const [, file] = /^\s*Summary:\s+(\S.*)$/m.exec(output) ?? []
  if (file === undefined) return { tasks: [] }
  const summary = JSON.parse(readFileSync(file.trim(), 'utf8')) as RunSummary
  rmSync(file.trim(), { force: true })
  return summary
}
