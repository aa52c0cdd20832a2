import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'

const execFileAsync = promisify(execFile)
/** No command of the rig takes long. */
const TIMEOUT_MS = 10_000

/** Runs a command and returns what it printed; rejects with what it said on standard error. */
export async function run(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await execFileAsync(command, args, { timeout: TIMEOUT_MS })
  return stdout
}

/** The same, at once, for cleaning up while the process ends. Returns an empty text where it failed. */
export function runSync(command: string, ...args: string[]): string {
  try {
    return execFileSync(command, args, {
      timeout: TIMEOUT_MS,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch {
    return ''
  }
}
