import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Comet, type CometInit, cometKey, freePorts } from '@neurovoyance/testing/comet'
import { onTestFinished } from 'vitest'
import { cometGenesis } from '../../../src/abci/index.js'
import type { Genesis } from '../../../src/index.js'
import { folder } from '../../store/folder.js'
import { CHAIN } from '../world.js'

const APP = fileURLToPath(new URL('../processes/app.ts', import.meta.url))

/** Seed of the key of a validator. */
export const seedOf = (index: number): Uint8Array => new Uint8Array(32).fill(index + 1)
export const validatorKey = (index: number): Uint8Array => cometKey(seedOf(index)).publicKey

/** A ledger's application in a process of its own. */
export class App {
  readonly #args: readonly string[]
  #process: ChildProcess | undefined

  constructor(...args: readonly string[]) {
    this.#args = args
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [APP, ...this.#args], { stdio: ['ignore', 'pipe', 'ignore'] })
    this.#process = child
    for await (const _address of createInterface({ input: child.stdout })) return
    throw new Error('the application ended')
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#process
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
}

/** An application and its engine. */
export interface Member {
  readonly app: App
  readonly comet: Comet
  readonly dir: string
  readonly init: CometInit
}

/** Nodes that know each other; the first `validators` of them decide. They stop when the test ends. */
export async function cluster(
  binary: string,
  genesis: Genesis,
  nodes: number,
  { everyBlocks, config }: { everyBlocks?: number; config?: NonNullable<CometInit['config']> } = {},
): Promise<Member[]> {
  const ports = await freePorts(2 * nodes)
  const nodeSeed = (index: number): Uint8Array => new Uint8Array(32).fill(200 + index)
  return Array.from({ length: nodes }, (_, index) => {
    const dir = folder()
    const address = `unix://${join(dir, 'abci.sock')}`
    const init: CometInit = {
      home: join(dir, 'comet'),
      binary,
      genesis: cometGenesis(genesis),
      validator: seedOf(index),
      node: nodeSeed(index),
      app: address,
      rpcPort: ports[2 * index]!,
      p2pPort: ports[2 * index + 1]!,
      peers: Array.from({ length: nodes }, (_, other) => other)
        .filter(other => other !== index)
        .map(other => `${cometKey(nodeSeed(other)).address}@127.0.0.1:${ports[2 * other + 1]}`),
      ...(config === undefined ? {} : { config }),
    }
    const args = [join(dir, 'ledger'), CHAIN, address]
    const app = new App(...args, ...(everyBlocks === undefined ? [] : [String(everyBlocks)]))
    const comet = new Comet(init)
    onTestFinished(async () => {
      await comet.stop('SIGKILL')
      await app.stop('SIGKILL')
    })
    return { app, comet, dir, init }
  })
}

/** Starts applications, then engines. */
export async function startAll(members: readonly Member[]): Promise<void> {
  await Promise.all(members.map(({ app }) => app.start()))
  await Promise.all(members.map(({ comet }) => comet.start()))
}
