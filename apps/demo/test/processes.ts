import { readdirSync, readFileSync } from 'node:fs'

/** A process of this machine, told from a later one with the same number by when it started. */
export interface Process {
  readonly pid: number
  readonly parent: number
  readonly startedAt: string
}

/** Whether this machine shows its processes below /proc. */
export const canSeeProcesses = process.platform === 'linux'

/** The processes that descend from `pid`, which is not among them. */
export function descendantsOf(pid: number): Process[] {
  const all = readdirSync('/proc').flatMap(name => (/^\d+$/.test(name) ? (look(Number(name)) ?? []) : []))
  const below = (parent: number): Process[] =>
    all.filter(process => process.parent === parent).flatMap(child => [child, ...below(child.pid)])
  return below(pid)
}

/** Whether a process is still there; one that has ended and waits for its parent to notice is not. */
export function isThere({ pid, startedAt }: Process): boolean {
  return look(pid)?.startedAt === startedAt
}

/** A living process as /proc/PID/stat tells it (proc_pid_stat(5)): fields 3, 4 and 22, after the name in brackets. */
function look(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' ? undefined : { pid, parent: Number(parent), startedAt: rest[17]! }
  } catch {
    return undefined
  }
}
