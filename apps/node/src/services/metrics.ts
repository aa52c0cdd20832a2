import type { Client } from '@neurovoyance/client'
import type { Chain } from '@neurovoyance/ledger/node'
import type { Host } from '@neurovoyance/p2p'
import { BASE_UNITS } from '@neurovoyance/protocol'
import type { Executor } from '@neurovoyance/runtime/node'
import { Gauge, Registry } from 'prom-client'
import type { ModelStore } from '../models/model-store.js'
import type { Service, ServiceFactory } from '../service.js'
import type { KeptChain } from './chain.js'
import type { PaymentsService } from './payments.js'

/** This node's metrics in the text format of Prometheus. */
export interface Metrics extends Service {
  render(): Promise<{ contentType: string; text: string }>
}

interface Needs {
  network: Host
  models?: ModelStore
  executor?: Executor
  client?: Client
  chain?: KeptChain
  payments?: Pick<PaymentsService, 'earnings'>
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

function figures({ network, models, executor, client, chain: kept, payments }: Needs): Figure[] {
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
  if (kept?.chain) list.push(...chainFigures(kept.chain, kept))
  if (payments) {
    const earnings = () => payments.earnings()
    list.push(
      { name: 'earned_nvy_total', help: 'NVY charged for runs.', read: () => nvy(earnings().earned) },
      {
        name: 'unredeemed_nvy',
        help: 'NVY that vouchers are worth and the ledger has not paid.',
        read: () => nvy(earnings().unredeemed),
      },
      { name: 'vouchers_total', help: 'Vouchers taken.', read: () => earnings().vouchers },
      {
        name: 'unpaid_runs_total',
        help: 'Runs refused because they were not paid.',
        read: () => earnings().refused,
      },
      { name: 'payment_channels', help: 'Channels that pay this node.', read: () => earnings().channels },
    )
  }
  return list
}

/** A gauge is a double; exact amounts are in the ledger. */
const nvy = (amount: bigint): number => Number(amount) / Number(BASE_UNITS)

function chainFigures(chain: Chain, { finalityMs }: Pick<KeptChain, 'finalityMs'>): Figure[] {
  return [
    { name: 'chain_height', help: 'Newest block that was applied.', read: () => chain.head().height },
    {
      name: 'chain_time_seconds',
      help: "The ledger's time of that block.",
      read: () => chain.head().timeMs / 1000,
    },
    {
      name: 'chain_validators',
      help: 'Validators that decide the next block.',
      read: () => chain.validators().validators.length,
    },
    { name: 'chain_catching_up', help: '1 while behind others.', read: () => (chain.catchingUp ? 1 : 0) },
    { name: 'chain_pool', help: 'Transactions that wait for a block.', read: () => chain.pool.size },
    { name: 'chain_pool_bytes', help: 'Their bytes.', read: () => chain.pool.bytes },
    {
      name: 'chain_finality_seconds',
      help: 'From the stamp of the newest block to its decision here.',
      read: () => (finalityMs() ?? 0) / 1000,
    },
  ]
}
