import { type ChildProcess, spawn } from 'node:child_process'
import { buildEnvironment } from '../launch/build.mjs'
import { root } from '../launch/workspace.mjs'

/** How a program is run. */
export interface ExecInit {
  /** The checkout when left out. */
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** The program and all that it started are killed after this; without it they may take as long as they like. */
  timeoutMs?: number
  /** Shows the output while it comes. */
  stream?: boolean
}

/** How it ended: standard output and error together, and the first alone. */
export interface Ended {
  code: number
  output: string
  stdout: string
}

const outputLimitBytes = 32 * 2 ** 20
const killGraceMs = 10_000
const running = new Set<ChildProcess>()

/** Runs a program in a process group of its own, the workspace's programs first on its PATH. */
export function exec(file: string, args: readonly string[], init: ExecInit = {}): Promise<Ended> {
  const child = spawn(file, args, {
    cwd: init.cwd ?? root,
    env: { ...buildEnvironment(), NO_COLOR: '1', ...init.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  })
  running.add(child)
  let output = ''
  let stdout = ''
  const keep = (chunk: Buffer): void => {
    if (init.stream) process.stdout.write(chunk)
    output = (output + chunk).slice(-outputLimitBytes)
  }
  child.stdout.on('data', keep)
  child.stdout.on('data', chunk => {
    stdout = (stdout + chunk).slice(-outputLimitBytes)
  })
  child.stderr.on('data', keep)
  let overtime: NodeJS.Timeout | undefined
  if (init.timeoutMs !== undefined) {
    overtime = setTimeout(() => {
      output += `\nstopped after ${init.timeoutMs! / 1000} s\n`
      killGroup(child, 'SIGKILL')
    }, init.timeoutMs)
  }
  return new Promise(resolve => {
    const end = (code: number): void => {
      clearTimeout(overtime)
      running.delete(child)
      resolve({ code, output, stdout })
    }
    child.once('error', error => {
      output += `${error.message}\n`
      end(127)
    })
    child.once('close', code => end(code ?? 1))
  })
}

/** Runs a program on the workspace's Node. */
export function execNode(args: readonly string[], init: ExecInit = {}): Promise<Ended> {
  return exec(process.execPath, args, init)
}

/** Ends every program that `exec` started and that still runs. */
export function endAll(signal: NodeJS.Signals): void {
  for (const child of running) killGroup(child, signal)
  setTimeout(() => {
    for (const child of running) killGroup(child, 'SIGKILL')
  }, killGraceMs).unref()
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal)
  } catch (error) {
    // Gone between the look and the kill.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
