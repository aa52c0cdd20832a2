import type { Client } from '@neurovoyance/client'
import type { Host } from '@neurovoyance/p2p'
import type { Executor } from '@neurovoyance/runtime/node'
import { Gauge, Registry } from 'prom-client'
import type { ModelStore } from '../models/model-store.js'
import type { Service, ServiceFactory } from '../service.js'

/** This node's metrics in the text format of Prometheus. */
export interface Metrics extends Service {
  render(): Promise<{ contentType: string; text: string }>
}

interface Needs {
  network: Host
  models?: ModelStore
  executor?: Executor
  client?: Client
}

/** Reads every figure when it is asked for; nothing is counted twice. */
export function metrics(): ServiceFactory<Needs, Metrics> {
  return needs => {
    const registry = new Registry()
    for (const { name, help, read } of figures(needs)) {
      new Gauge({
        name: `neurovoyance_${name}`,
        help,
        registers: [registry],
        collect() {
          this.set(read())
        },
      })
    }
    return { render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }) }
  }
}

interface Figure {
  name: string
  help: string
  read(): number
}

function figures({ network, models, executor, client }: Needs): Figure[] {
  const rpc = () => network.rpc.stats()
  const list: Figure[] = [
    { name: 'peers', help: 'Connected peers.', read: () => network.peers().length },
    {
      name: 'peers_relayed',
      help: 'Connected peers reached through a relay only.',
      read: () => network.peers().filter(peer => peer.relayed).length,
    },
    { name: 'rpc_calls_made_total', help: 'Calls made to other peers.', read: () => rpc().callsMade },
    { name: 'rpc_calls_served_total', help: 'Calls of other peers answered.', read: () => rpc().callsServed },
    {
      name: 'rpc_calls_refused_total',
      help: 'Calls of other peers refused because of a limit.',
      read: () => rpc().callsRefused,
    },
    { name: 'rpc_calls_running', help: 'Calls of other peers running now.', read: () => rpc().callsRunning },
    {
      name: 'resident_memory_bytes',
      help: 'Resident memory of the network process.',
      read: () => process.memoryUsage.rss(),
    },
    { name: 'uptime_seconds', help: 'Seconds since this process started.', read: () => process.uptime() },
  ]
  if (client)
    list.push({ name: 'market_nodes', help: 'Nodes with a live offer.', read: () => client.market.size })
  if (models) list.push({ name: 'models', help: 'Models hosted.', read: () => models.list().length })
  if (models)
    list.push({
      name: 'models_bytes',
      help: 'Bytes of the models hosted.',
      read: () => models.list().reduce((sum, { bytes }) => sum + bytes, 0),
    })
  if (executor) {
    list.push({ name: 'queue_depth', help: 'Runs that wait.', read: () => executor.status().queueDepth })
    list.push({ name: 'slots', help: 'Runs at the same time.', read: () => executor.status().slots })
  }
  return list
}
