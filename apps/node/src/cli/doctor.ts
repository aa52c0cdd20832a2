import { randomBytes } from 'node:crypto'
import { mkdir, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import { errorCode } from '@neurovoyance/protocol'
import { createExecutor } from '@neurovoyance/runtime/node'
import { readConfig } from '../config/file.js'
import type { Home } from '../config/home.js'
import type { Config } from '../config/schema.js'
import { isMissing } from '../files/is-missing.js'
import { findGateway } from './find-gateway.js'

/** What one check found. */
export interface Finding {
  readonly check: string
  /** `warn`: it works, but not as well as it could. */
  readonly verdict: 'ok' | 'warn' | 'fail'
  readonly found: string
  /** What to do, where something is to be done. */
  readonly advice?: string
}

const LEAST_FREE_BYTES = 2 * 1024 ** 3

/** Checks that a node can run here: Node, home folder, key, disk, ports, runtime, peers. */
export async function* examine(home: Home): AsyncIterable<Finding> {
  yield checkNode()
  const { finding, config } = await checkConfig(home)
  yield finding
  yield await checkHome(home)
  yield await checkKey(home)
  yield await checkDisk(home)
  const running = await findGateway(home)
  if (running === undefined && config !== undefined) yield* checkPorts(config)
  yield await checkRuntime()
  yield await checkPeers(home)
}

function checkNode(): Finding {
  const version = process.versions.node
  const found = `Node ${version} on ${process.platform} ${process.arch}, ${availableParallelism()} processors, ${(totalmem() / 1024 ** 3).toFixed(1)} GiB`
  if (Number(version.split('.')[0]) >= 22) return { check: 'machine', verdict: 'ok', found }
  return { check: 'machine', verdict: 'fail', found, advice: 'Install Node 22 or newer.' }
}

async function checkConfig(home: Home): Promise<{ finding: Finding; config?: Config }> {
  try {
    const config = await readConfig(home.config)
    return { finding: { check: 'config', verdict: 'ok', found: home.config }, config }
  } catch (error) {
    return {
      finding: {
        check: 'config',
        verdict: 'fail',
        found: (error as Error).message,
        advice: `Correct ${home.config}.`,
      },
    }
  }
}

async function checkHome(home: Home): Promise<Finding> {
  const probe = join(home.path, `.probe-${randomBytes(4).toString('hex')}`)
  try {
    await mkdir(home.path, { recursive: true, mode: 0o700 })
    await writeFile(probe, '')
    await rm(probe)
    return { check: 'home', verdict: 'ok', found: `${home.path} can be written` }
  } catch (error) {
    return {
      check: 'home',
      verdict: 'fail',
      found: (error as Error).message,
      advice: 'Give this user the folder, or choose another with --home.',
    }
  }
}

async function checkKey(home: Home): Promise<Finding> {
  const path = join(home.path, 'identity.key')
  try {
    const { mode } = await stat(path)
    if (process.platform === 'win32' || (mode & 0o077) === 0)
      return { check: 'identity', verdict: 'ok', found: `${path} is private` }
    return {
      check: 'identity',
      verdict: 'fail',
      found: `${path} can be read by others`,
      advice: `chmod 600 ${path}`,
    }
  } catch (error) {
    if (isMissing(error))
      return { check: 'identity', verdict: 'ok', found: 'none yet; made on the first start' }
    return { check: 'identity', verdict: 'fail', found: (error as Error).message }
  }
}

async function checkDisk(home: Home): Promise<Finding> {
  const { bavail, bsize } = await statfs(home.path)
  const free = bavail * bsize
  const found = `${(free / 1024 ** 3).toFixed(1)} GiB free`
  if (free >= LEAST_FREE_BYTES) return { check: 'disk', verdict: 'ok', found }
  return {
    check: 'disk',
    verdict: 'warn',
    found,
    advice: 'Models need room: free some, or move the home with --home.',
  }
}

async function* checkPorts({ listen, gateway }: Config): AsyncIterable<Finding> {
  const ports = [
    [listen.host, listen.tcp, 'listen.tcp'],
    [listen.host, listen.ws, 'listen.ws'],
    [gateway.host, gateway.port, 'gateway.port'],
  ] as const
  for (const [host, port, setting] of ports) {
    if (port === null || port === 0) continue
    const problem = await tryPort(host, port)
    if (problem === undefined) yield { check: 'port', verdict: 'ok', found: `${port} is free (${setting})` }
    else
      yield {
        check: 'port',
        verdict: 'fail',
        found: `${port} (${setting}): ${problem}`,
        advice: `nv config set ${setting} 0, or stop the program that has it.`,
      }
  }
}

function tryPort(host: string, port: number): Promise<string | undefined> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', error => resolve(errorCode(error) === 'EADDRINUSE' ? 'taken' : error.message))
    server.listen(port, host, () => server.close(() => resolve(undefined)))
  })
}

async function checkRuntime(): Promise<Finding> {
  try {
    const executor = await createExecutor({})
    try {
      const { backend, gflops, memoryBandwidthMbps } = await executor.capability()
      return {
        check: 'runtime',
        verdict: 'ok',
        found: `${backend}: ${gflops.toFixed(0)} GFLOP/s, ${(memoryBandwidthMbps / 1000).toFixed(1)} GB/s, measured`,
      }
    } finally {
      await executor.close()
    }
  } catch (error) {
    return {
      check: 'runtime',
      verdict: 'fail',
      found: (error as Error).message,
      advice: 'Reinstall with npm: onnxruntime-node brings its binaries itself.',
    }
  }
}

async function checkPeers(home: Home): Promise<Finding> {
  const gateway = await findGateway(home)
  if (gateway === undefined)
    return {
      check: 'network',
      verdict: 'warn',
      found: 'no node runs from this home',
      advice: 'nv start, or nv hive up',
    }
  const { peers, addresses } = await gateway.status()
  const found = `${peers} peers, ${addresses.length} addresses`
  if (peers > 0) return { check: 'network', verdict: 'ok', found }
  return {
    check: 'network',
    verdict: 'warn',
    found,
    advice: 'Name a bootstrap node: nv config set bootstrap \'["MULTIADDR"]\'.',
  }
}
