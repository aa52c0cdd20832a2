import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { run, runSync } from './run.js'

/** Options of a process in a namespace. */
export type SpawnInNamespaceOptions = Omit<SpawnOptions, 'shell' | 'detached'>

/** One machine of the rig: a network namespace with an address. */
export interface Namespace {
  readonly name: string
  /** Its IPv4 address: public for machines on the rig's internet, private behind a NAT. */
  readonly address: string
  /** Starts a process on this machine. It is killed when the rig closes. */
  spawn(command: string, args: readonly string[], options?: SpawnInNamespaceOptions): ChildProcess
}

const PREFIX = 'nv'

/** The name of a namespace of this process; the process id in it lets a later run clean up after a killed one. */
export function namespaceName(rig: string, machine: string): string {
  return `${PREFIX}-${process.pid}-${rig}-${machine}`
}

/** Makes a namespace with its loopback interface up. */
export async function addNamespace(name: string): Promise<void> {
  await run('ip', 'netns', 'add', name)
  await run('ip', '-n', name, 'link', 'set', 'lo', 'up')
}

/** A handle on a namespace. */
export function namespace(name: string, address: string): Namespace {
  return {
    name,
    address,
    spawn: (command, args, options = {}) => spawn('ip', ['netns', 'exec', name, command, ...args], options),
  }
}

/** Kills what runs in a namespace and removes it. */
export function removeNamespace(name: string): void {
  for (const pid of runSync('ip', 'netns', 'pids', name).split('\n').filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL')
    } catch {
      // it ended by itself
    }
  }
  runSync('ip', 'netns', 'delete', name)
}

/** Removes the namespaces of rigs whose process is gone. */
export function removeAbandonedNamespaces(): void {
  for (const line of runSync('ip', 'netns', 'list').split('\n')) {
    const name = line.split(' ')[0] ?? ''
    const [prefix, pid] = name.split('-')
    if (prefix === PREFIX && pid !== undefined && !isRunning(Number(pid))) removeNamespace(name)
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
