import { resolve } from 'node:path'
import { readConfig } from '../../config/file.js'
import type { Home } from '../../config/home.js'
import { NodeError } from '../../errors.js'
import { type ChainClient, chainClient } from '../../gateway/chain/chain-client.js'
import { hiveGenesis } from '../../hive/chain/layout.js'
import { requireGateway } from '../find-gateway.js'
import { isFile } from '../is-file.js'

/** The chain of the node that runs from this home, or of its hive. @throws NodeError `NODE_NOT_RUNNING` */
export async function requireChain(home: Home): Promise<ChainClient> {
  return chainClient((await requireGateway(home)).address)
}

/**
 * The genesis that this home trusts: the one that was given, else its settings', else that of the chain that it keeps,
 * else its hive's.
 *
 * @throws NodeError `NODE_GENESIS`
 */
export async function requireGenesis(home: Home, given?: string): Promise<string> {
  if (given !== undefined) return resolve(given)
  const { genesis } = (await readConfig(home.config)).chain
  if (genesis !== null) return resolve(home.path, genesis)
  for (const path of [home.genesis, hiveGenesis(home.hive)]) if (await isFile(path)) return path
  throw new NodeError(
    'NODE_GENESIS',
    "The genesis is needed, and this home has none: give --genesis FILE, or 'nv config set chain.genesis FILE'.",
  )
}
