import type { Client } from '@neurovoyance/client'
import type { Host } from '@neurovoyance/p2p'
import type { Logger } from '@neurovoyance/protocol'
import type { Executor } from '@neurovoyance/runtime/node'
import { measuredThing } from './capability/measurement.js'
import type { Home } from './config/home.js'
import type { Config } from './config/schema.js'
import type { Gateway } from './gateway/server.js'
import type { ModelStore } from './models/model-store.js'
import { createNode } from './node.js'
import { artifacts } from './services/artifacts.js'
import { capability } from './services/capability.js'
import { chain, type KeptChain } from './services/chain.js'
import { client } from './services/client.js'
import { executor } from './services/executor.js'
import { gateway } from './services/gateway.js'
import { hosting } from './services/hosting.js'
import { inference } from './services/inference.js'
import { market } from './services/market.js'
import { metrics } from './services/metrics.js'
import { models } from './services/models.js'
import { network } from './services/network.js'
import { offers } from './services/offers.js'
import { ownership } from './services/ownership.js'
import { payments } from './services/payments.js'
import { preload } from './services/preload.js'
import { type StatusService, status } from './services/status.js'
import type { NodeRole } from './status.js'

/** What the reference node is made from. */
export interface ReferenceNodeInit {
  role: NodeRole
  home: Home
  config: Config
  logger: Logger
}

/** The reference node's services that programs use; a bootstrap hosts no models. */
export interface ReferenceServices {
  readonly network: Host
  readonly client: Client
  readonly status: StatusService
  readonly gateway: Gateway
  readonly models?: ModelStore
  readonly executor?: Executor
  readonly chain: KeptChain
}

/** A running reference node. */
export interface ReferenceNode extends AsyncDisposable {
  readonly services: ReferenceServices
  running(): readonly string[]
  close(): Promise<void>
}

/** Starts the node that `nv start` and `nv bootstrap` run. */
export function startReferenceNode(init: ReferenceNodeInit): Promise<ReferenceNode> {
  return init.role === 'bootstrap' ? startBootstrap(init) : startPeer(init)
}

/**
 * A bootstrap node: others find each other through it. It relays and passes offers on, and runs no models. Where it
 * keeps a chain, its artifacts are the snapshots that newcomers begin with.
 */
function startBootstrap({ role, home, config, logger }: ReferenceNodeInit): Promise<ReferenceNode> {
  return createNode({
    logger,
    services: {
      network: network({ role, home: home.path, config }),
      client: client(),
      artifacts: artifacts({ dir: home.artifacts }),
      market: market(),
      chain: chain({ home, config: config.chain }),
      ownership: ownership({ home, config }),
      status: status({ role, home: home.path, bootstrap: config.bootstrap }),
      metrics: metrics(),
      gateway: gateway({ home: home.path, config: config.gateway }),
    },
  })
}

/** A user node: hosts models and runs them for others. */
function startPeer({ role, home, config, logger }: ReferenceNodeInit): Promise<ReferenceNode> {
  return createNode({
    logger,
    services: {
      network: network({ role, home: home.path, config }),
      client: client({ home, config }),
      artifacts: artifacts({ dir: home.artifacts }),
      models: models({ home: home.path }),
      executor: executor({ config: config.runtime }),
      capability: capability({ file: home.capability, of: measuredThing(config.runtime) }),
      preload: preload(),
      hosting: hosting({ config: config.hosting }),
      chain: chain({ home, config: config.chain }),
      payments: payments({ home, config: config.payments }),
      ownership: ownership({ home, config }),
      inference: inference(),
      market: market(),
      offers: offers({ region: config.region }),
      status: status({ role, home: home.path, bootstrap: config.bootstrap }),
      metrics: metrics(),
      gateway: gateway({ home: home.path, config: config.gateway }),
    },
  })
}
