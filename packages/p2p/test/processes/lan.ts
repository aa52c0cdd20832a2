import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process'
import { onTestFinished } from 'vitest'
import type { Spawn } from './host-process.ts'

/**
 * Two machines on one local network and on no other: network namespaces with a cable between them, gone when the
 * test ends. Check `natRigUnavailable()` first.
 */
export function createLan(): [Spawn, Spawn] {
  const names = ['a', 'b'].map(machine => `nv-${process.pid}-lan-${machine}`) as [string, string]
  const ip = (...args: string[]): void => void execFileSync('ip', args)
  for (const name of names) {
    ip('netns', 'add', name)
    onTestFinished(() => ip('netns', 'delete', name))
    ip('-n', name, 'link', 'set', 'lo', 'up')
  }
  ip('-n', names[0], 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', names[1])
  return names.map((name, index) => {
    ip('-n', name, 'address', 'add', `192.168.44.${index + 1}/24`, 'dev', 'eth0')
    ip('-n', name, 'link', 'set', 'eth0', 'up')
    ip('-n', name, 'route', 'add', '224.0.0.0/4', 'dev', 'eth0')
    return (command: string, args: readonly string[], options: SpawnOptions): ChildProcess =>
      spawn('ip', ['netns', 'exec', name, command, ...args], options)
  }) as [Spawn, Spawn]
}
