import {
  announceEveryMs,
  createHosting,
  type Demand,
  type Hosting,
  type Market,
  type Offer,
  offerLifetimeMs,
} from '@neurovoyance/scheduler'
import type { Network, NetworkNode, SeededRandom } from '@neurovoyance/testing/network'
import { createMachine, type Machine } from './machine.ts'

/** A model of the simulation. */
export interface SimModel {
  model: string
  bytes: number
  /** Run time on the reference machine. */
  costMs: number
}

/** What travels: offers and demand by gossip, requests by call. */
export type SimMessage =
  | { type: 'offer'; offer: Offer }
  | { type: 'demand'; demand: Demand; caller: string }
  | { type: 'run'; model: string }
  | { type: 'done' }

/** A node that hosts and runs models. */
export interface Provider {
  readonly id: string
  readonly machine: Machine
  readonly node: NetworkNode<SimMessage>
  /** When it went down, while it is down. */
  diedAtMs: number | undefined
  hosts(model: string): boolean
  /** Puts a model there, as a person would. */
  give(model: SimModel): void
  start(): void
  stop(): void
}

/** What a provider is made of. */
export interface ProviderInit {
  id: string
  network: Network<SimMessage>
  /** The market as seen where the node is. */
  market: Pick<Market, 'snapshot' | 'hosts' | 'entries'>
  models: ReadonlyMap<string, SimModel>
  random: SeededRandom
  networkSize: number
  behaviour: { slots: number; slowness: number; honesty: number; mute: boolean }
  hosting: boolean
}

const FETCH_BYTES_PER_MS = 20_000
const DISK_BYTES = 4e9

/** A provider that is down until it is started. */
export function createProvider(init: ProviderInit): Provider {
  const { id, network, models, random } = init
  const held = new Map<string, SimModel>()
  let hosting: Hosting | undefined
  let sequence = 0

  const node = network.add(id, {
    async call(_from, message, signal) {
      if (message.type !== 'run') throw new TypeError('not a run')
      const model = held.get(message.model)
      if (model === undefined)
        throw Object.assign(new Error('no such model here'), { code: 'NODE_MODEL_UNKNOWN' })
      hosting?.used(model.model)
      await machine.run(model.model, model.costMs, signal)
      return { type: 'done' }
    },
  })
  const machine = createMachine({ clock: node.clock, random, ...init.behaviour })

  function describe(): Offer {
    const issuedAtMs = network.clock.now()
    return {
      peerId: id,
      sequence: ++sequence,
      issuedAtMs,
      expiresAtMs: issuedAtMs + offerLifetimeMs(announceEveryMs(init.networkSize)),
      region: '',
      queueDepth: Math.max(0, machine.pending() - machine.slots),
      slots: machine.slots,
      capability: { gflops: 100, memoryBandwidthMbps: 10_000, backend: 'cpu', memoryBytes: 8e9 },
      models: [...held.keys()].map(model => ({
        model,
        name: model,
        loaded: machine.isLoaded(model),
        p50Us: machine.declaredUs(model),
        bytes: held.get(model)!.bytes,
        inFlight: machine.pending(model),
      })),
    }
  }

  function announce(): void {
    node.publish('offers', { type: 'offer', offer: describe() })
  }

  function announceForever(delayMs: number): void {
    node.clock.after(delayMs, () => {
      announce()
      announceForever(announceEveryMs(init.networkSize) * (0.8 + 0.4 * random.float()))
    })
  }

  function startHosting(): Hosting {
    return createHosting({
      peerId: id,
      market: init.market,
      clock: node.clock,
      random,
      everyMs: 4_000,
      limits: { diskBytes: DISK_BYTES, memoryBytes: 8e9 },
      present: [...held.values()].map(({ model, bytes }) => ({ model, name: model, bytes })),
      onChange: announce,
      store: {
        fetch: (cid, { signal }) =>
          new Promise((resolve, reject) => {
            const model = models.get(cid)!
            signal.addEventListener('abort', () => reject(signal.reason))
            node.clock.after(200 + model.bytes / FETCH_BYTES_PER_MS, () => {
              held.set(cid, model)
              resolve({ bytes: model.bytes })
            })
          }),
        async remove(cid) {
          held.delete(cid)
          machine.forget(cid)
        },
      },
    })
  }

  return {
    id,
    machine,
    node,
    diedAtMs: undefined,
    hosts: model => held.has(model) && node.isUp,
    give: model => void held.set(model.model, model),
    start() {
      network.restart(id)
      this.diedAtMs = undefined
      announceForever(random.float() * announceEveryMs(init.networkSize))
      if (init.hosting) hosting = startHosting()
    },
    stop() {
      hosting?.close()
      hosting = undefined
      machine.reset()
      network.crash(id)
      this.diedAtMs = network.clock.monotonicMs()
    },
  }
}
