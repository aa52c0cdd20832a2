import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Client, createClient } from '@neurovoyance/client'
import { openChainReader } from '@neurovoyance/client/chain'
import { type ClientPayments, createPayments, createTeller } from '@neurovoyance/client/pay'
import { actions, type ChainAccess, type GenesisDocument } from '@neurovoyance/ledger'
import { openUnattended, prepareHiveChain } from '@neurovoyance/node/hive'
import { addModel, startNode } from '@neurovoyance/testing/hive'
import { type Scene, warmUp } from './_scene.ts'

/** A network whose node asks a price, beside the free one of a scene, with the same model. */
export interface PaidSide {
  /** Pays; its channel is open. */
  readonly client: Client
  readonly payments: ClientPayments
  readonly model: string
  close(): Promise<void>
}

const NV = fileURLToPath(new URL('../bin/nv.js', import.meta.url))
/** NVY for a billion work units, and base units that the client may spend, the node has for fees. */
const PRICE = '0.0001'
const BUDGET = 100_000_000_000n
const FEES = 1_000_000_000n

/** Starts a validator and a node that asks a price, each a process, and opens a channel before anything is measured. */
export async function openPaidSide({ dir, inputs }: Pick<Scene, 'dir' | 'inputs'>): Promise<PaidSide> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-paid-'))
  const chain = await prepareHiveChain(folder, ['bootstrap'])
  const genesis = JSON.parse(await readFile(chain.genesis, 'utf8')) as GenesisDocument
  const wallet = (await openUnattended(chain.client.wallet))!
  const args = ['--loopback', '--genesis', chain.genesis]
  const [validatorHome, home] = [join(folder, 'bootstrap'), join(folder, 'node-1')]
  const validator = await startNode({
    nv: NV,
    command: 'bootstrap',
    home: validatorHome,
    args: [...args, '--validator'],
  })
  const bootstrap = validator.addresses
  await mkdir(home)
  await writeFile(join(home, 'config.jsonc'), JSON.stringify({ payments: { price: PRICE } }))
  const node = await startNode({ nv: NV, command: 'start', home, bootstrap, args })
  const earner = (await openUnattended(join(home, 'wallets', 'default.json')))!

  let access: ChainAccess | undefined
  const payments = createPayments({
    wallet,
    budget: BUDGET,
    access: async (host, { signal }) => {
      access = await openChainReader({ host, genesis, signal })
      await createTeller(access, wallet).send([actions.transfer(earner.address, FEES)])
      return access
    },
  })
  const client = await createClient({ bootstrap, payments })
  const add = (path: string) => addModel(node, { kind: 'path', path })
  const { model } = await add(dir)
  await warmUp({ addModel: add }, client)
  await client.infer({ model, inputs })
  return {
    client,
    payments,
    model,
    async close() {
      await client.close()
      await Promise.all([node.stop(), validator.stop()])
      await rm(folder, { recursive: true, force: true })
    },
  }
}
