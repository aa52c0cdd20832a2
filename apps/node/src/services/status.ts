import type { Client } from '@neurovoyance/client'
import type { Host } from '@neurovoyance/p2p'
import { type Capability, NodeService } from '@neurovoyance/protocol'
import type { Executor } from '@neurovoyance/runtime/node'
import { hostedModels } from '../models/hosted-models.js'
import type { ModelStore } from '../models/model-store.js'
import { VERSION } from '../package.js'
import type { Service, ServiceFactory } from '../service.js'
import type { ModelStatus, NodeRole, NodeStatus, RuntimeStatus } from '../status.js'
import { clockAheadMs } from './clock-skew.js'
import type { PaymentsService } from './payments.js'

/** Tells how this node is, to its owner and to peers that ask. */
export interface StatusService extends Service {
  current(): NodeStatus
}

/** What the status service is made from. */
export interface StatusInit {
  role: NodeRole
  home: string
  /** Bootstrap addresses the node was given: with some, it is ready once it has a peer. */
  bootstrap: readonly string[]
}

interface Needs {
  network: Host
  client?: Pick<Client, 'market'>
  models?: ModelStore
  executor?: Executor
  capability?: { measured(): Capability | undefined }
  payments?: Pick<PaymentsService, 'price' | 'problems'>
}

/** Keeps this node's status and serves it as `NodeService`. */
export function status({ role, home, bootstrap }: StatusInit): ServiceFactory<Needs, StatusService> {
  return ({ network, client, models, executor, capability, payments }, { clock }) => {
    const startedMs = clock.monotonicMs()
    const current = (): NodeStatus => ({
      peerId: network.peerId,
      role,
      version: VERSION,
      pid: process.pid,
      home,
      uptimeMs: Math.round(clock.monotonicMs() - startedMs),
      ready: bootstrap.length === 0 || network.peers().length > 0,
      addresses: network.addresses(),
      peers: network.peers().length,
      clockAheadMs: client ? clockAheadMs(client.market.entries(), network.peerId, clock) : null,
      models: modelStatuses(models, executor),
      runtime: executor ? runtimeStatus(executor, capability?.measured()) : null,
      payments: payments && payments.price.scheme !== 'free' ? { problems: payments.problems() } : null,
    })
    const stop = network.rpc.serve(NodeService, {
      Status() {
        const { peerId, uptimeMs, peers } = current()
        const measured = capability?.measured()
        const load = executor?.status()
        return {
          body: {
            peerId,
            agent: `neurovoyance/${VERSION}`,
            role,
            uptimeMs,
            peers,
            queueDepth: load?.queueDepth ?? 0,
            slots: load?.slots ?? 0,
            ...(measured && { capability: measured }),
            models: hostedModels(models, executor),
          },
        }
      },
    })
    return { current, close: stop }
  }
}

function modelStatuses(models: ModelStore | undefined, executor: Executor | undefined): ModelStatus[] {
  return hostedModels(models, executor).map(({ model, name, bytes, loaded, p50Us }) => ({
    model,
    name,
    bytes,
    loaded,
    p50Ms: p50Us === undefined ? null : p50Us / 1000,
  }))
}

function runtimeStatus(executor: Executor, measured: Capability | undefined): RuntimeStatus {
  const { backend, skipped, slots, queueDepth, memoryLimitBytes } = executor.status()
  return {
    backend,
    skipped,
    slots,
    queueDepth,
    memoryLimitBytes,
    gflops: measured?.gflops ?? 0,
    memoryBandwidthMbps: measured?.memoryBandwidthMbps ?? 0,
  }
}
