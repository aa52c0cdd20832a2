import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const LAUNCHER = new URL('../../../scripts/launch/child.mjs', import.meta.url).href

/** The demo as a process, with a folder of its own for all that it writes. */
export interface Demo {
  readonly child: ChildProcess
  readonly pid: number
  /** Folder for its temporary files. */
  readonly temporary: string
  /** Resolves when it has told on standard error what matches; rejects when it ends without. */
  told(pattern: RegExp): Promise<void>
  /** What it wrote, once it has ended. */
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>
}

/** Starts the demo, by itself or below the launcher that `npm start` puts above it. */
export function startDemo(
  folder: string,
  args: readonly string[],
  by: 'itself' | 'launcher' = 'itself',
): Demo {
  const temporary = join(folder, 'tmp')
  mkdirSync(temporary)
  const program = [MAIN, ...args, '--out', join(folder, 'out')]
  const launch = `import(${JSON.stringify(LAUNCHER)}).then(({ runChild }) => runChild(process.execPath, process.argv.slice(1))).then(code => process.exit(code))`
  const child = spawn(process.execPath, by === 'itself' ? program : ['-e', launch, '--', ...program], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', chunk => (output.stdout += chunk))
  child.stderr.on('data', chunk => (output.stderr += chunk))
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }))
  return {
    child,
    pid: child.pid!,
    temporary,
    ended,
    told(pattern) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const look = () => pattern.test(output.stderr) && resolve()
      child.stderr.on('data', look)
      void ended.then(({ stderr }) => reject(new Error(`the demo ended early:\n${stderr}`)))
      look()
      return promise
    },
  }
}
