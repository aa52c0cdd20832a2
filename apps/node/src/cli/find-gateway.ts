import { join } from 'node:path'
import type { Home } from '../config/home.js'
import { NodeError } from '../errors.js'
import { type GatewayClient, gatewayClient, readGateway } from '../gateway/gateway-client.js'
import { readHive } from '../hive/state.js'

/** The node of this home folder, else the first node of the hive in it; `undefined` when neither runs. */
export async function findGateway(home: Home): Promise<GatewayClient | undefined> {
  const own = await readGateway(home.gateway)
  if (own !== undefined) return gatewayClient(own)
  const hive = await readHive(home.hive)
  for (const node of hive?.nodes.filter(({ role }) => role === 'peer') ?? []) {
    const address = await readGateway(join(node.home, 'gateway.json'))
    if (address !== undefined) return gatewayClient(address)
  }
  return undefined
}

/** Like {@link findGateway}. @throws NodeError `NODE_NOT_RUNNING` */
export async function requireGateway(home: Home): Promise<GatewayClient> {
  const gateway = await findGateway(home)
  if (gateway !== undefined) return gateway
  throw new NodeError(
    'NODE_NOT_RUNNING',
    `No node runs from ${home.path}. Start one with 'nv start', or a local hive with 'nv hive up'.`,
    {
      details: { home: home.path },
    },
  )
}
