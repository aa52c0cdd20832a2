import { createClient } from '@neurovoyance/client'
import type { TensorMap } from '@neurovoyance/protocol'
import { readConfig } from '../../config/file.js'
import type { Home } from '../../config/home.js'
import { NodeError } from '../../errors.js'
import type { GatewayClient } from '../../gateway/gateway-client.js'
import { readSwarmKey } from '../../services/network.js'

/** What a run cost, in base units. */
export interface Paid {
  readonly amount: bigint
  /** Work units. */
  readonly units: bigint
  /** What is put aside in channels now. */
  readonly locked: bigint
  /** All that went into fees so far. */
  readonly fees: bigint
  readonly budget: bigint
  /** Channels that were closed afterwards. */
  readonly closed?: number
  /** Those of them whose node did not answer: their rest comes back after the grace time. */
  readonly late?: number
}

/** Runs models: a node of this machine does, or a client that is there for one command. */
export interface Runner extends Pick<GatewayClient, 'describe'>, AsyncDisposable {
  infer(
    model: string,
    inputs: TensorMap,
    options: { outputs?: readonly string[]; deadlineMs: number },
  ): Promise<{ outputs: TensorMap; node: string; latencyMs: number; paid?: Paid }>
}

/** How a client joins the network for one command. */
export interface Joining {
  readonly bootstrap: string[]
  readonly signal: AbortSignal
  readonly swarmKey?: string
}

/**
 * The network that this home is on: by the addresses given, else by the node that runs from it, else by its settings.
 *
 * @throws NodeError `NODE_NOT_RUNNING` where nobody is known
 */
export async function joiningFrom(
  home: Home,
  given: readonly string[],
  running: Pick<GatewayClient, 'status'> | undefined,
  signal: AbortSignal,
): Promise<Joining> {
  const config = await readConfig(home.config)
  const own = given.length > 0 || running === undefined ? [] : (await running.status()).addresses
  const [bootstrap = []] = [given, own, config.bootstrap].filter(({ length }) => length > 0)
  if (bootstrap.length === 0) {
    throw new NodeError(
      'NODE_NOT_RUNNING',
      "No node runs here and no bootstrap is known. Start one with 'nv start' or 'nv hive up', or name a network: --bootstrap MULTIADDR.",
    )
  }
  const swarmKey = await readSwarmKey(config.swarmKeyFile)
  return { bootstrap: [...bootstrap], signal, ...(swarmKey && { swarmKey }) }
}

/** Joins the network as a client for one command; nodes that ask a price are not for it. */
export async function freeClient(joining: Joining): Promise<Runner> {
  const { signal } = joining
  const client = await createClient({ ...joining })
  return {
    describe: model => client.models.describe(model, { signal }),
    infer: (model, inputs, { outputs, deadlineMs }) =>
      client.infer({ model, inputs, deadlineMs, signal, ...(outputs && { outputs: [...outputs] }) }),
    [Symbol.asyncDispose]: () => client.close(),
  }
}
