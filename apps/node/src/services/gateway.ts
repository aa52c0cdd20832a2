import { randomBytes } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from '@neurovoyance/client'
import type { Host } from '@neurovoyance/p2p'
import { writeFileAtomic } from '@neurovoyance/p2p/node'
import { isPeerId, publicKeyFromPeerId } from '@neurovoyance/protocol'
import type { FastifyInstance } from 'fastify'
import type { Config } from '../config/schema.js'
import { NodeError } from '../errors.js'
import { isMissing } from '../files/is-missing.js'
import type { Control, Inference } from '../gateway/ports.js'
import { type Gateway, startGateway } from '../gateway/server.js'
import { NODE_LIMITS } from '../limits.js'
import type { ModelStore } from '../models/model-store.js'
import type { ServiceFactory } from '../service.js'
import type { KeptChain } from './chain.js'
import type { Metrics } from './metrics.js'
import type { StatusService } from './status.js'

/** What the gateway service is made from. */
export interface GatewayServiceInit {
  home: string
  config: Config['gateway']
}

interface Needs {
  network: Host
  client: Client
  status: StatusService
  models?: ModelStore
  metrics?: Metrics
  chain?: KeptChain
}

/**
 * Serves this node over HTTP, and leaves address and token in `gateway.json` (mode 0600) for the command line.
 * The token is made once and stays.
 */
export function gateway({ home, config }: GatewayServiceInit): ServiceFactory<Needs, Gateway> {
  return async ({ network, client, status, models, metrics, chain }, { logger }) => {
    const routes = chain && (await routesOf(chain, network))
    const token = await loadToken(join(home, 'gateway.token'))
    const started = await startGateway({
      host: config.host,
      port: config.port,
      token,
      inference: inferenceOver(client),
      control: controlOver({ network, client, status, ...(models && { models }) }),
      ...(config.metrics && metrics && { metrics: metrics.render }),
      ...(routes && { chain: routes }),
      logger,
    })
    const file = join(home, 'gateway.json')
    await writeFileAtomic(file, `${JSON.stringify({ url: started.url, token, pid: process.pid })}\n`, {
      mode: 0o600,
    })
    return {
      ...started,
      async close() {
        await rm(file, { force: true })
        await started.close()
      },
    }
  }
}

/** The chain's routes, loaded where a chain is kept. */
async function routesOf({ chain, validator, finalityMs }: KeptChain, network: Host) {
  if (chain === undefined) return undefined
  const { chainRoutes } = await import('../gateway/chain/chain-routes.js')
  const nodes = () =>
    [network.peerId, ...network.peers().map(({ peerId }) => peerId)]
      .filter(isPeerId)
      .map(peerId => Buffer.from(publicKeyFromPeerId(peerId)).toString('hex'))
  return (server: FastifyInstance) => chainRoutes(server, { chain, validator, nodes, finalityMs })
}

function inferenceOver(client: Client): Inference {
  return {
    describe: (model, options) => client.models.describe(model, options),
    infer: ({ model, inputs, outputs, deadlineMs = NODE_LIMITS.defaultDeadlineMs, signal, trace }) =>
      client
        .infer({
          model,
          inputs,
          deadlineMs: Math.min(deadlineMs, NODE_LIMITS.deadlineMs),
          ...(outputs && { outputs }),
          ...(signal && { signal }),
          ...(trace !== undefined && { trace }),
        })
        .then(result => ({ ...result, attempts: result.attempts.length })),
  }
}

function controlOver({
  network,
  client,
  status,
  models,
}: Pick<Needs, 'network' | 'client' | 'status' | 'models'>): Control {
  const store = () => {
    if (models !== undefined) return models
    throw new NodeError(
      'NODE_BAD_REQUEST',
      'This node hosts no models: it is a bootstrap. Ask a node that was started with `nv start`.',
    )
  }
  return {
    status: status.current,
    peers: () =>
      network.peers().map(({ rttMs, ...peer }) => {
        const offer = client.market.offer(peer.peerId)?.offer
        return {
          ...peer,
          role: offer ? 'peer' : null,
          region: offer?.region || null,
          rttMs: rttMs ?? null,
          models: offer?.models.map(({ model }) => model) ?? [],
        }
      }),
    async models() {
      const local = new Map(models?.list().map(model => [model.model, model]))
      const offered = await client.models.list()
      const names = new Map([
        ...offered.map(({ model, name, bytes }) => [model, { name, bytes }] as const),
        ...local,
      ])
      return [...names].map(([model, { name, bytes }]) => ({
        model,
        name,
        bytes,
        local: local.has(model),
        hosts: client.market.offersFor(model).map(({ peerId }) => peerId),
      }))
    },
    addModel: (source, options) => store().add(source, options),
    removeModel: model => store().remove(model),
  }
}

async function loadToken(path: string): Promise<string> {
  try {
    const token = (await readFile(path, 'utf8')).trim()
    if (token.length >= 32) return token
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  const token = randomBytes(32).toString('base64url')
  await writeFileAtomic(path, token, { mode: 0o600 })
  return token
}
