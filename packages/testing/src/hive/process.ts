import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { NeurovoyanceError } from '@neurovoyance/protocol'

/** What a node process is started with. */
export interface NodeProcessInit {
  /** Path of the `nv` program: `node_modules/@neurovoyance/node/bin/nv.js`. */
  nv: string
  /** `start` or `bootstrap`. */
  command: 'start' | 'bootstrap'
  /** Its home folder; made where there is none. */
  home: string
  /** Multiaddrs of bootstrap nodes. */
  bootstrap?: readonly string[]
  /** Further arguments. Default `['--loopback']`. */
  args?: readonly string[]
  /** A command to run it under, such as `['ip', 'netns', 'exec', 'left']`. */
  under?: readonly string[]
  /** Added to the environment. */
  env?: Readonly<Record<string, string>>
  /** How long it may take to be up, in milliseconds. Default 90,000. */
  startTimeoutMs?: number
}

/** A node in a process of its own. It ends with the process that started it, however that ends. */
export interface NodeProcess {
  readonly peerId: string
  readonly pid: number
  readonly home: string
  readonly addresses: readonly string[]
  /** Address and token of its HTTP gateway. */
  readonly gateway: { readonly url: string; readonly token: string }
  /** What it has written to standard error. */
  log(): string
  /** Asks it to end and waits until it has; returns its exit code. */
  stop(): Promise<number | null>
  /** Has it find its supervisor gone, and waits until it has ended; returns its exit code. */
  abandon(): Promise<number | null>
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>
}

const LOG_CHARACTERS = 200_000

/**
 * Starts a node and waits until it is up.
 *
 * @throws NeurovoyanceError `TESTING_NODE_FAILED` with the end of its log
 */
export async function startNode(init: NodeProcessInit): Promise<NodeProcess> {
  await mkdir(init.home, { recursive: true, mode: 0o700 })
  const { command, args } = commandLine(init)
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...init.env },
  })
  child.stdin.on('error', () => {})
  let log = ''
  child.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString('utf8')).slice(-LOG_CHARACTERS)
  })
  const exited = new Promise<number | null>(resolve => child.once('exit', code => resolve(code)))
  const line = await firstLine(child, exited, init.startTimeoutMs ?? 90_000)
  const status = line === undefined ? undefined : parseStatus(line)
  if (status === undefined) {
    child.kill('SIGKILL')
    throw new NeurovoyanceError(
      'TESTING_NODE_FAILED',
      `nv ${init.command} did not come up: ${line ?? ''}\n${log.slice(-2_000)}`,
      {
        details: { home: init.home },
      },
    )
  }
  const { url, token } = JSON.parse(await readFile(join(init.home, 'gateway.json'), 'utf8')) as {
    url: string
    token: string
  }
  return {
    peerId: status.peerId,
    addresses: status.addresses,
    pid: status.pid,
    home: init.home,
    gateway: { url, token },
    log: () => log,
    stop() {
      if (child.exitCode === null) child.kill('SIGTERM')
      return exited
    },
    abandon() {
      child.stdin.end()
      return exited
    },
    async kill() {
      killProcess(status.pid)
      child.kill('SIGKILL')
      await exited
    },
  }
}

function commandLine({
  nv,
  command,
  home,
  bootstrap = [],
  args = ['--loopback'],
  under = [],
}: NodeProcessInit): { command: string; args: string[] } {
  const words = [
    ...under,
    process.execPath,
    nv,
    command,
    '--json',
    '--supervised',
    '--home',
    home,
    ...args,
    ...bootstrap.flatMap(address => ['--bootstrap', address]),
  ]
  return { command: words[0]!, args: words.slice(1) }
}

async function firstLine(
  child: ChildProcess,
  exited: Promise<unknown>,
  timeoutMs: number,
): Promise<string | undefined> {
  const lines = createInterface({ input: child.stdout! })
  const timer = AbortSignal.timeout(timeoutMs)
  const said = Promise.withResolvers<string>()
  // native libraries may say something of their own before the node does
  lines.on('line', line => line.startsWith('{') && said.resolve(line))
  const late = once(timer, 'abort').then(() => undefined)
  const line = await Promise.race([said.promise, exited, late])
  child.stdout!.resume()
  return typeof line === 'string' ? line : undefined
}

function parseStatus(line: string): { peerId: string; pid: number; addresses: string[] } | undefined {
  const value = JSON.parse(line) as { peerId?: string; pid: number; addresses: string[] }
  return value.peerId === undefined
    ? undefined
    : { peerId: value.peerId, pid: value.pid, addresses: value.addresses }
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}
