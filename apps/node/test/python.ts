import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** A Python with some packages. */
export interface Python {
  /** The interpreter. */
  readonly program: string
  /** Runs a script; returns what it printed, trimmed. */
  run(script: string, args: readonly string[]): Promise<string>
}

const CACHE = fileURLToPath(new URL('../../../.cache/python', import.meta.url))

/** A virtual environment with these packages, made once; `undefined` where Python or the packages are not to be had. */
export async function pythonWith(packages: readonly string[]): Promise<Python | undefined> {
  const folder = join(CACHE, createHash('sha256').update(packages.join('\n')).digest('hex').slice(0, 16))
  const program = join(folder, 'bin', 'python')
  const complete = join(folder, 'complete')
  try {
    if (!existsSync(complete)) {
      await mkdir(CACHE, { recursive: true })
      await execute('python3', ['-m', 'venv', '--clear', folder])
      await execute(program, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages])
      await writeFile(complete, '')
    }
  } catch {
    return undefined
  }
  return {
    program,
    async run(script, args) {
      const { stdout } = await execute(program, ['-c', script, ...args], { maxBuffer: 64 * 1024 * 1024 })
      return stdout.trim()
    },
  }
}
