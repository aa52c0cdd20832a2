import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { writeFileAtomic } from '@neurovoyance/p2p/node'
import { z } from 'zod'
import { ensureValidatorKey } from '../../chain/validator-key.js'
import { NodeError } from '../../errors.js'
import { readState } from '../../files/json-state.js'
import {
  keepUnattended,
  passphraseFileOf,
  readKeystore,
  settlePassphrase,
} from '../../wallet/keystore-file.js'
import { hiveChainFile, hiveClientHome, hiveGenesis, walletOf } from './layout.js'

const chainSchema = z.object({
  chainId: z.string(),
  /** Names of the nodes that vote. */
  validators: z.array(z.string()),
  /** The funded client's address. */
  client: z.string(),
})

/** The chain of a local hive. */
export interface HiveChain {
  readonly chainId: string
  /** The genesis document. */
  readonly genesis: string
  /** Names of the nodes that vote. */
  readonly validators: readonly string[]
  /** Who pays: a funded wallet, its keystore, and the file with its passphrase. */
  readonly client: { readonly address: string; readonly wallet: string; readonly passphraseFile: string }
}

/** How the chain of a hive begins, where that is not by the defaults. */
export interface HiveBeginning {
  /** The ledger's time before the first block; now when left out. */
  readonly timeMs?: number
  readonly parameters?: Readonly<Record<string, bigint>>
}

/** Validators of a hive: one may be down, or lie, and it goes on. */
const VALIDATORS = 4

/**
 * Prepares a chain for a hive: validators' keys and their owners' wallets in the nodes' homes, a wallet with coins for
 * who pays, and a genesis that names them all. The chain that a hive had before goes on.
 *
 * @param nodes names of the hive's nodes, the bootstrap first
 * @throws NodeError `NODE_HIVE_FAILED` where a validator of the chain that is there would not be started
 */
export async function prepareHiveChain(
  folder: string,
  nodes: readonly string[],
  beginning: HiveBeginning = {},
): Promise<HiveChain> {
  const before = await readHiveChain(folder)
  if (before === undefined) return foundHiveChain(folder, nodes.slice(0, VALIDATORS), beginning)
  const missing = before.validators.filter(name => !nodes.includes(name))
  if (missing.length === 0) return before
  throw new NodeError(
    'NODE_HIVE_FAILED',
    `The hive's chain ${before.chainId} has the validators ${before.validators.join(', ')}: start as many nodes, or remove ${folder} to begin anew.`,
    { details: { missing } },
  )
}

/** The chain of a hive's folder; `undefined` where it has none. */
export async function readHiveChain(folder: string): Promise<HiveChain | undefined> {
  const state = await readState(hiveChainFile(folder), chainSchema)
  if (state === undefined) return undefined
  const wallet = walletOf(hiveClientHome(folder))
  const client = { address: state.client, wallet, passphraseFile: passphraseFileOf(wallet) }
  return { ...state, genesis: hiveGenesis(folder), client }
}

async function foundHiveChain(
  folder: string,
  names: readonly string[],
  { timeMs = Date.now(), parameters }: HiveBeginning,
): Promise<HiveChain> {
  const { localGenesis } = await import('@neurovoyance/ledger')
  const validators = await Promise.all(
    names.map(async name => {
      const home = join(folder, name)
      const { key } = await ensureValidatorKey(join(home, 'chain', 'validator.key'))
      return { consensusKey: key.publicKey, owner: await ensureWallet(walletOf(home)) }
    }),
  )
  const client = await ensureWallet(walletOf(hiveClientHome(folder)))
  const chainId = `hive-${randomBytes(4).toString('hex')}`
  const genesis = localGenesis({
    chainId,
    timeMs,
    ...(parameters && { parameters }),
    validators,
    clients: [client],
  })
  const write = (path: string, value: object) =>
    writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
  await write(hiveGenesis(folder), genesis)
  // the last one: where it is there, all of it is
  await write(hiveChainFile(folder), { chainId, validators: names, client })
  return (await readHiveChain(folder))!
}

/** The address of the wallet of a home, which is made where there is none. */
async function ensureWallet(path: string): Promise<string> {
  const found = await readKeystore(path)
  if (found !== undefined) {
    await settlePassphrase(path, found.address)
    return found.address
  }
  const { createPhrase, walletFromPhrase } = await import('@neurovoyance/client/wallet')
  const wallet = await walletFromPhrase(createPhrase())
  await keepUnattended(path, wallet)
  return wallet.address
}
