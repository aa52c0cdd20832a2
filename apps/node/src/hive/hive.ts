import { type ChildProcess, spawn } from 'node:child_process'
import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../config/make-folder.js'
import { birthOf, isSameAlive } from '../config/process.js'
import { NodeError } from '../errors.js'
import { type GatewayAddress, gatewayClient, readGateway } from '../gateway/gateway-client.js'
import { NV_PROGRAM } from '../package.js'
import type { NodeStatus } from '../status.js'
import { type HiveChain, prepareHiveChain, readHiveChain } from './chain/prepare.js'
import { forgetHive, type HiveState, readHive, writeHive } from './state.js'

/** What a local hive is made from. */
export interface HiveInit {
  /** Folder that holds each node's home. */
  folder: string
  /** User nodes beside the bootstrap; 3 when left out. */
  nodes?: number
  /** Whether the hive keeps a chain of its own: validators are the bootstrap and the first three nodes. */
  chain?: boolean
  /** What its user nodes ask for a billion work units, in NVY (`'0.002'`), where it keeps a chain; nothing when left out. */
  price?: string
  /**
   * `supervised`: the nodes end with this process, however it ends.
   * `detached`: they go on until {@link stopHive}.
   */
  lifetime: 'supervised' | 'detached'
  /** How long the nodes may take to be ready, in milliseconds. */
  startTimeoutMs?: number
  signal?: AbortSignal
  onProgress?: (done: number, total: number) => void
}

/** A node of a running hive. */
export interface HiveNode extends NodeStatus {
  readonly name: string
  readonly gateway: { readonly url: string; readonly token: string }
}

/** A running local hive. */
export interface Hive {
  readonly folder: string
  /** Multiaddrs of its bootstrap. */
  readonly bootstrap: readonly string[]
  readonly nodes: readonly HiveNode[]
  /** Its chain, where it keeps one. */
  readonly chain?: HiveChain
}

const START_TIMEOUT_MS = 60_000
/** Longer than a node gives itself to leave. */
const STOP_TIMEOUT_MS = 10_000

/**
 * Starts a hive of real processes on loopback: one bootstrap and some user nodes, each with its own home.
 *
 * @throws NodeError `NODE_ALREADY_RUNNING` when the folder's hive runs; `NODE_HIVE_FAILED` when a node does not come
 * up, with the end of its log. Nothing is left running then.
 */
export async function startHive(init: HiveInit): Promise<Hive> {
  const running = await runningNodes(init.folder)
  if (running.length > 0) {
    throw new NodeError(
      'NODE_ALREADY_RUNNING',
      `A hive of ${running.length} processes runs from ${init.folder}. Look at it with 'nv hive status', end it with 'nv hive down'.`,
    )
  }
  const count = init.nodes ?? 3
  const state: HiveState = { nodes: [] }
  let done = 0
  const ready = () => init.onProgress?.(++done, count + 1)
  const names = Array.from({ length: count }, (_, index) => `node-${index + 1}`)
  try {
    const chain = init.chain ? await prepareHiveChain(init.folder, ['bootstrap', ...names]) : undefined
    const keeps = (name: string) =>
      chain === undefined
        ? []
        : ['--genesis', chain.genesis, ...(chain.validators.includes(name) ? ['--validator'] : [])]
    const asks = chain !== undefined && init.price !== undefined ? ['--price', init.price] : []
    const boot = await launch(init, state, 'bootstrap', 'bootstrap', ['bootstrap', ...keeps('bootstrap')])
    const bootstrap = (await waitReady(init, boot)).addresses
    ready()
    const join = bootstrap.flatMap(address => ['--bootstrap', address])
    const peers: Launched[] = []
    for (const name of names)
      peers.push(await launch(init, state, name, 'peer', ['start', ...join, ...keeps(name), ...asks]))
    await Promise.all(peers.map(peer => waitReady(init, peer).then(ready)))
    return await inspectHive(init.folder)
  } catch (error) {
    await end(state.nodes)
    await forgetHive(init.folder)
    throw error
  }
}

/** The hive of a folder as it is now; nodes that have ended are left out. */
export async function inspectHive(folder: string): Promise<Hive> {
  const state = await readHive(folder)
  const nodes = await Promise.all((state?.nodes ?? []).map(inspectNode))
  const alive = nodes.filter(node => node !== undefined)
  const chain = await readHiveChain(folder)
  return {
    folder,
    ...(chain && { chain }),
    nodes: alive,
    bootstrap: alive.filter(({ role }) => role === 'bootstrap').flatMap(({ addresses }) => addresses),
  }
}

/** Ends a hive's processes and waits until they are gone: first asked, then killed. Returns how many there were. */
export async function stopHive(folder: string): Promise<number> {
  const nodes = await runningNodes(folder)
  await end(nodes)
  await forgetHive(folder)
  return nodes.length
}

type HiveProcess = HiveState['nodes'][number]

/** The hive's processes that run: not those that have only got the id of one. */
async function runningNodes(folder: string): Promise<HiveProcess[]> {
  const nodes = (await readHive(folder))?.nodes ?? []
  const running = await Promise.all(nodes.map(isRunning))
  return nodes.filter((_, index) => running[index])
}

/** Where no birth is known, a node proves itself: it answers at its home's gateway. */
async function isRunning({ pid, birth, home }: HiveProcess): Promise<boolean> {
  if (!(await isSameAlive(pid, birth))) return false
  return birth !== '' || (await statusOf(home))?.pid === pid
}

async function end(processes: readonly HiveProcess[]): Promise<void> {
  let left = [...processes]
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    for (const { pid } of left) signalProcess(pid, signal)
    await waitUntil(async () => {
      const alive = await Promise.all(left.map(({ pid, birth }) => isSameAlive(pid, birth)))
      left = left.filter((_, index) => alive[index])
      return left.length === 0
    }, STOP_TIMEOUT_MS)
  }
}

interface Launched {
  name: string
  home: string
  log: string
  child: ChildProcess
}

async function launch(
  init: HiveInit,
  state: HiveState,
  name: string,
  role: NodeStatus['role'],
  command: readonly string[],
): Promise<Launched> {
  const home = join(init.folder, name)
  await makeFolder(home)
  await rm(join(home, 'gateway.json'), { force: true })
  const log = join(home, 'node.log')
  const file = await open(log, 'a', 0o600)
  const supervised = init.lifetime === 'supervised'
  const args = [NV_PROGRAM, ...command, '--home', home, '--loopback', ...(supervised ? ['--supervised'] : [])]
  const child = spawn(process.execPath, args, {
    stdio: [supervised ? 'pipe' : 'ignore', file.fd, file.fd],
    detached: !supervised,
  })
  await file.close()
  if (child.pid === undefined)
    throw new NodeError('NODE_HIVE_FAILED', `The process of ${name} could not be started.`)
  if (!supervised) child.unref()
  state.nodes.push({ name, role, home, pid: child.pid, birth: await birthOf(child.pid) })
  await writeHive(init.folder, state)
  return { name, home, log, child }
}

async function waitReady(init: HiveInit, { name, home, log, child }: Launched): Promise<NodeStatus> {
  let status: NodeStatus | undefined
  const ended = () => child.exitCode !== null || child.signalCode !== null
  await waitUntil(
    async () => {
      status = await statusOf(home)
      return status?.ready === true || ended()
    },
    init.startTimeoutMs ?? START_TIMEOUT_MS,
    init.signal,
  )
  if (status?.ready === true && !ended()) return status
  const tail = (await readFile(log, 'utf8')).split('\n').slice(-6).join('\n').trim()
  throw new NodeError(
    'NODE_HIVE_FAILED',
    `${name} did not come up${ended() ? '' : ' in time'}. Its log (${log}) ends:\n${tail}`,
  )
}

async function statusOf(home: string): Promise<NodeStatus | undefined> {
  const gateway = await readGateway(join(home, 'gateway.json'))
  return gateway && (await askStatus(gateway))
}

async function inspectNode({ name, home }: HiveProcess): Promise<HiveNode | undefined> {
  const gateway = await readGateway(join(home, 'gateway.json'))
  const status = gateway && (await askStatus(gateway))
  return status && { name, ...status, gateway: { url: gateway.url, token: gateway.token } }
}

async function askStatus(gateway: GatewayAddress): Promise<NodeStatus | undefined> {
  try {
    return await gatewayClient(gateway).status()
  } catch {
    return undefined
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended in the meantime, which is what was wanted.
  }
}

/** Whether the condition came true within the time; asked again every 50 ms. */
async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs
  while (performance.now() < deadline) {
    if (await condition()) return true
    signal?.throwIfAborted()
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return false
}
