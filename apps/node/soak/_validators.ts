/** Validators in real processes that are killed and started again, and a client that sends them transactions. */
import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Wallet } from '@neurovoyance/client/wallet'
import { actions, buildTransaction, soleKey } from '@neurovoyance/ledger'
import { setConfig } from '@neurovoyance/node'
import {
  type ChainClient,
  chainClient,
  type HiveBeginning,
  type HiveChain,
  openUnattended,
  prepareHiveChain,
} from '@neurovoyance/node/hive'
import { type NodeProcess, startNode } from '@neurovoyance/testing/hive'

/** Four validators, the bootstrap among them. */
export interface Validators extends AsyncDisposable {
  readonly folder: string
  readonly chain: HiveChain
  readonly names: readonly string[]
  /** Multiaddrs of the bootstrap: the same after every start. */
  readonly bootstrap: readonly string[]
  /** Names of those that run. */
  running(): string[]
  /** The chain as a running validator tells it. */
  client(name: string): ChainClient
  process(name: string): NodeProcess
  kill(name: string): Promise<void>
  start(name: string): Promise<void>
}

/** What validators are started with. */
export interface ValidatorsInit {
  /** Default 4. */
  count?: number
  beginning?: HiveBeginning
  /** Settings that differ from the defaults, by their dotted names. */
  settings?: Readonly<Record<string, unknown>>
}

/** Starts validators and waits until each is up. */
export async function startValidators(
  nv: string,
  { count = 4, beginning = {}, settings = {} }: ValidatorsInit = {},
): Promise<Validators> {
  const folder = await mkdtemp(join(tmpdir(), 'validators-'))
  const names = ['bootstrap', ...Array.from({ length: count - 1 }, (_, index) => `node-${index + 1}`)]
  const chain = await prepareHiveChain(folder, names, beginning)
  for (const name of names) {
    for (const [setting, value] of Object.entries(settings)) {
      await setConfig(join(folder, name, 'config.jsonc'), setting, value)
    }
  }
  // whoever comes back has to be found where it was
  const port = await freePair()
  const processes = new Map<string, NodeProcess>()
  let bootstrap: readonly string[] = []
  const start = async (name: string) => {
    const isBootstrap = name === 'bootstrap'
    const process = await startNode({
      nv,
      command: isBootstrap ? 'bootstrap' : 'start',
      home: join(folder, name),
      bootstrap: isBootstrap ? [] : bootstrap,
      args: [
        '--loopback',
        '--genesis',
        chain.genesis,
        '--validator',
        ...(isBootstrap ? ['--port', String(port)] : []),
      ],
    })
    processes.set(name, process)
    if (isBootstrap) bootstrap = process.addresses.filter(address => address.includes('/tcp/'))
  }
  const stop = async () => {
    await Promise.all([...processes.values()].map(process => process.stop()))
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await start('bootstrap')
    await Promise.all(names.slice(1).map(start))
  } catch (error) {
    await stop()
    throw error
  }
  const of = (name: string) => {
    const process = processes.get(name)
    if (process === undefined) throw new Error(`${name} does not run`)
    return process
  }
  return {
    folder,
    chain,
    names,
    get bootstrap() {
      return bootstrap
    },
    running: () => names.filter(name => processes.has(name)),
    client: name => chainClient(of(name).gateway),
    process: of,
    async kill(name) {
      const process = of(name)
      processes.delete(name)
      await process.kill()
    },
    start,
    [Symbol.asyncDispose]: stop,
  }
}

/** Ports below those that systems give out by themselves, so that nobody has them while a validator is away. */
const FIRST_PORT = 20_000
const PORTS = 10_000

/** Two free ports, one after the other: TCP and WebSocket. */
async function freePair(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + randomInt(PORTS)
    const servers = await Promise.all([port, port + 1].map(listen))
    await Promise.all(servers.map(server => server && new Promise(resolve => server.close(resolve))))
    if (servers.every(server => server !== undefined)) return port
  }
}

function listen(port: number): Promise<Server | undefined> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

/** Somebody who pays, one transaction after the other, whoever of the validators is there. */
export interface Payer {
  /** Sends a transfer to himself and waits until it is in a block; its height. */
  pay(): Promise<number>
  /** Transactions that somebody was told are in a block, by their height. */
  readonly committed: ReadonlyMap<string, number>
}

/** The hive's client as a payer. */
export async function payerOf({ chain, running, client }: Validators, signal?: AbortSignal): Promise<Payer> {
  const wallet = (await openUnattended(chain.client.wallet)) as Wallet
  const committed = new Map<string, number>()
  let newest = 0
  const someone = () => {
    const names = running()
    if (names.length === 0) throw new Error('nobody runs')
    return client(names[committed.size % names.length]!)
  }
  const pay = async () => {
    const to = someone()
    // who is behind would tell of an earlier balance, and take the same transaction again
    await untilHeight([to], newest)
    const [status, account] = await Promise.all([to.status(), to.account(wallet.address)])
    const { bytes } = await buildTransaction({
      chainId: chain.chainId,
      sender: wallet.address,
      keys: soleKey(wallet.publicKey),
      nonce: account.nonce,
      validUntil: status.height + 1_000,
      maxFee: 1_000_000_000n,
      actions: [actions.transfer(wallet.address, 1n)],
      signers: [wallet],
    })
    const id = await to.submit(bytes)
    for (;;) {
      signal?.throwIfAborted()
      const { height } = await to.transaction(id, { waitMs: 5_000, ...(signal && { signal }) })
      if (height === 0) continue
      committed.set(id, height)
      newest = Math.max(newest, height)
      return height
    }
  }
  return { pay, committed }
}

/** Waits until validators have a height. */
export async function untilHeight(clients: readonly ChainClient[], height: number): Promise<void> {
  await Promise.all(
    clients.map(async client => {
      const controller = new AbortController()
      if ((await client.status()).height >= height) return
      for await (const { data } of client.watch({ after: height - 1 }, controller.signal)) {
        if ((data as { height: number }).height >= height) break
      }
      controller.abort()
    }),
  )
}

/** What several validators say of one chain, compared. */
export interface Comparison {
  readonly height: number
  /** Heights at which two have different blocks. */
  readonly forks: readonly number[]
  /** Transactions that were in a block and are not in that one any more. */
  readonly lost: readonly string[]
  /** Validators that were punished: nobody did anything wrong. */
  readonly punished: readonly string[]
}

/** Compares all blocks of all running validators up to a height that all have. */
export async function compare(
  validators: Validators,
  committed: ReadonlyMap<string, number>,
): Promise<Comparison> {
  const clients = validators.running().map(name => validators.client(name))
  const statuses = await Promise.all(clients.map(client => client.status()))
  const height = Math.max(...statuses.map(status => status.height))
  await untilHeight(clients, height)
  const forks: number[] = []
  const found = new Map<string, number>()
  for (let at = 1; at <= height; at++) {
    const blocks = await Promise.all(clients.map(client => client.block(String(at))))
    if (new Set(blocks.map(({ id, stateRoot }) => id + stateRoot)).size > 1) forks.push(at)
    for (const { id } of blocks[0]!.transactions) found.set(id, at)
  }
  const lost = [...committed].filter(([id, at]) => found.get(id) !== at).map(([id]) => id)
  const punished = (await clients[0]!.validators())
    .filter(({ tombstoned, jailedUntilMs }) => tombstoned || jailedUntilMs !== undefined)
    .map(({ key }) => key)
  return { height, forks, lost, punished }
}
