import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Client, createClient } from '@neurovoyance/client'
import { openChainReader } from '@neurovoyance/client/chain'
import {
  type ClientPayments,
  createPayments,
  createTeller,
  type PaymentsInit,
} from '@neurovoyance/client/pay'
import type { Wallet } from '@neurovoyance/client/wallet'
import { actions, type ChainAccess, type GenesisDocument } from '@neurovoyance/ledger'
import { addModel, type NodeProcess, startNode } from '@neurovoyance/testing/hive'
import type { TestModel } from '@neurovoyance/testing/models'
import { afterAll, beforeAll } from 'vitest'
import { openUnattended, prepareHiveChain } from '../../src/hive/index.js'
import { folder, NV, saveModel } from '../hive/fixture.js'

/** A validator, and nodes that ask a price, in processes of their own. */
export interface PaidHive extends AsyncDisposable {
  /** The folder of the homes. */
  readonly home: string
  readonly bootstrap: NodeProcess
  readonly nodes: NodeProcess[]
  readonly genesis: GenesisDocument
  /** Has coins. */
  readonly wallet: Wallet
  /** Starts a node of this name, which asks a price where its settings say nothing else; its home stays when it ends. */
  start(name: string, settings?: object): Promise<NodeProcess>
  /** A client of this process that pays. */
  client(
    init?: Partial<PaymentsInit>,
  ): Promise<{ client: Client; payments: ClientPayments; access: ChainAccess }>
  addModel(node: NodeProcess, dir: string): Promise<string>
}

/** What differs from a hive of one validator. */
export interface PaidHiveInit {
  /** NVY for a billion work units. */
  price?: string
  /** Whether the nodes, three of them, are validators, too. */
  validating?: boolean
  /** How the chain begins, where that is not by the defaults. */
  beginning?: Parameters<typeof prepareHiveChain>[2]
}

const FEES = 1_000_000_000n

/** A hive for the tests of a file, with a model on every node. */
export function usePaidHive(testModel: TestModel, names: readonly string[], init: PaidHiveInit = {}) {
  let hive: PaidHive
  let model: string
  beforeAll(async () => {
    hive = await startPaidHive(await folder('paid'), names, init)
    const path = await saveModel(testModel)
    const added = await Promise.all(hive.nodes.map(node => hive.addModel(node, path)))
    model = added[0]!
  })
  afterAll(() => hive?.[Symbol.asyncDispose]())
  return {
    get hive() {
      return hive
    },
    get model() {
      return model
    },
  }
}

/** Starts a hive whose nodes are paid, and gives each of them coins for fees. */
export async function startPaidHive(
  home: string,
  names: readonly string[],
  { price = '0.01', validating = false, beginning }: PaidHiveInit = {},
): Promise<PaidHive> {
  const chain = await prepareHiveChain(home, ['bootstrap', ...(validating ? names : [])], beginning)
  const genesis = JSON.parse(await readFile(chain.genesis, 'utf8')) as GenesisDocument
  const wallet = (await openUnattended(chain.client.wallet))!
  const args = ['--loopback', '--genesis', chain.genesis]
  const bootstrap = await startNode({
    nv: NV,
    command: 'bootstrap',
    home: join(home, 'bootstrap'),
    args: [...args, '--validator'],
  })
  const closing: (() => Promise<unknown>)[] = [() => bootstrap.stop()]

  const asksPrice = { payments: { price, redeemSeconds: 1 } }

  async function start(name: string, settings: object = asksPrice): Promise<NodeProcess> {
    const folder = join(home, name)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'config.jsonc'), JSON.stringify(settings))
    const node = await startNode({
      nv: NV,
      command: 'start',
      home: folder,
      bootstrap: bootstrap.addresses,
      args: validating ? [...args, '--validator'] : args,
    })
    closing.push(() => node.stop())
    return node
  }

  async function client(init: Partial<PaymentsInit> = {}) {
    let access!: ChainAccess
    const payments = createPayments({
      access: async (host, { signal }) => {
        access = await openChainReader({ host, genesis, signal })
        return access
      },
      wallet,
      budget: 10_000_000_000n,
      ...init,
    })
    const joined = await createClient({ bootstrap: bootstrap.addresses, payments })
    closing.push(() => joined.close())
    return {
      client: joined,
      payments,
      get access() {
        return access
      },
    }
  }

  const nodes = await Promise.all(names.map(name => start(name)))
  const plain = await createClient({ bootstrap: bootstrap.addresses })
  const access = await openChainReader({ host: plain.host, genesis })
  const owners = await Promise.all(
    names.map(name => openUnattended(join(home, name, 'wallets', 'default.json'))),
  )
  await createTeller(access, wallet).send(owners.map(owner => actions.transfer(owner!.address, FEES)))
  await plain.close()
  return {
    home,
    bootstrap,
    nodes,
    genesis,
    wallet,
    start,
    client,
    addModel: async (node, path) => (await addModel(node, { kind: 'path', path })).model,
    async [Symbol.asyncDispose]() {
      for (const close of closing.reverse()) await close().catch(() => undefined)
    },
  }
}
