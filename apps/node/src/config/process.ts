import { readFile } from 'node:fs/promises'
import { errorCode } from '@neurovoyance/protocol'

/** Whether a process with this id runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

/**
 * When a process began, in the kernel's ticks since it booted: after a restart of the machine, another process may
 * have an id that a file names. Empty where the system does not tell.
 */
export async function birthOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

/** Whether the process with this id and this birth runs; where no birth is known, any process with the id. */
export async function isSameAlive(pid: number, birth: string): Promise<boolean> {
  return isAlive(pid) && (birth === '' || birth === (await birthOf(pid)))
}
