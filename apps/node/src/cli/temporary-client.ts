import { createClient } from '@neurovoyance/client'
import { readConfig } from '../config/file.js'
import type { Home } from '../config/home.js'
import { NodeError } from '../errors.js'
import type { GatewayClient } from '../gateway/gateway-client.js'
import { readSwarmKey } from '../services/network.js'

/** Runs models on the network from a machine where no node runs. */
export type Runner = Pick<GatewayClient, 'describe' | 'infer'> & AsyncDisposable

/**
 * Joins the network as a client for one command.
 *
 * @throws NodeError `NODE_NOT_RUNNING` when no bootstrap is known.
 */
export async function temporaryClient(
  home: Home,
  bootstrap: readonly string[],
  signal: AbortSignal,
): Promise<Runner> {
  const config = await readConfig(home.config)
  const addresses = bootstrap.length > 0 ? bootstrap : config.bootstrap
  if (addresses.length === 0) {
    throw new NodeError(
      'NODE_NOT_RUNNING',
      "No node runs here and no bootstrap is known. Start one with 'nv start' or 'nv hive up', or name a network: --bootstrap MULTIADDR.",
    )
  }
  const swarmKey = await readSwarmKey(config.swarmKeyFile)
  const client = await createClient({ bootstrap: [...addresses], signal, ...(swarmKey && { swarmKey }) })
  return {
    describe: model => client.models.describe(model, { signal }),
    infer: (model, inputs, { outputs, deadlineMs }) =>
      client.infer({ model, inputs, deadlineMs, signal, ...(outputs && { outputs: [...outputs] }) }),
    [Symbol.asyncDispose]: () => client.close(),
  }
}
