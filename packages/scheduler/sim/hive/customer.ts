import {
  createDispatcher,
  createMarket,
  type Dispatched,
  demandFor,
  type Market,
} from '@neurovoyance/scheduler'
import type { Network, SeededRandom } from '@neurovoyance/testing/network'
import type { HiveOptions } from './options.ts'
import type { Provider, SimMessage, SimModel } from './provider.ts'

/** How one request went. */
export interface RequestRecord {
  model: string
  atMs: number
  latencyMs: number
  ok: boolean
  code: string | undefined
  attempts: number
  hedged: boolean
  peerId: string | undefined
}

/** A client that asks for runs. */
export interface Customer {
  readonly id: string
  readonly market: Market
  ask(model: SimModel): void
}

/** What a customer is made of. */
export interface CustomerInit {
  id: string
  network: Network<SimMessage>
  random: SeededRandom
  options: HiveOptions
  providers: ReadonlyMap<string, Provider>
  rtt(from: string, to: string): number
  record(record: RequestRecord): void
  /** Told of every attempt, for what must never happen. */
  onSend(peerId: string): void
}

const PAYLOAD_BYTES = 16_384

/** A customer with a market of its own, fed by gossip. */
export function createCustomer(init: CustomerInit): Customer {
  const { id, network, random, options, providers } = init
  const { clock } = network
  const market = createMarket({ clock })
  const node = network.add(id, {
    gossip(from, _topic, message) {
      if (message.type === 'offer') market.putOffer(message.offer, from)
    },
  })
  node.subscribe('offers')
  const dispatcher = createDispatcher({
    market,
    clock,
    random,
    rtt: peerId => init.rtt(id, peerId),
    defaultDeadlineMs: options.deadlineMs,
    hedgeShare: options.hedgeShare,
    onDemand(unplaced) {
      node.publish('demand', { type: 'demand', demand: demandFor(unplaced, clock.now()), caller: id })
    },
  })

  function send(
    peerId: string,
    model: SimModel,
    call: { signal: AbortSignal; timeoutMs: number },
  ): Promise<SimMessage> {
    init.onSend(peerId)
    return node.call(peerId, { type: 'run', model: model.model }, call)
  }

  function dispatch(model: SimModel): Promise<Dispatched<SimMessage>> {
    return dispatcher.dispatch({
      model: model.model,
      name: model.model,
      modelBytes: model.bytes,
      payloadBytes: PAYLOAD_BYTES,
      send: (peerId, call) => send(peerId, model, call),
    })
  }

  /** The yardsticks: one attempt, at the node that is best in truth, or at any. */
  async function place(model: SimModel): Promise<Dispatched<SimMessage>> {
    const hosts = [...providers.values()].filter(provider => provider.hosts(model.model))
    const cost = ({ machine, id: peerId }: Provider): number =>
      init.rtt(id, peerId) + (machine.pending() / machine.slots + 1) * machine.serviceMs(model.costMs)
    const ideal = (): Provider => hosts.reduce((best, host) => (cost(host) < cost(best) ? host : best))
    const { id: peerId } = options.placement === 'ideal' ? ideal() : random.pick(hosts)
    const result = await send(peerId, model, {
      signal: new AbortController().signal,
      timeoutMs: options.deadlineMs,
    })
    return { result, peerId, latencyMs: 0, attempts: [] }
  }

  return {
    id,
    market,
    ask(model) {
      const atMs = clock.monotonicMs()
      const finish = (outcome: Partial<RequestRecord>): void =>
        init.record({
          model: model.model,
          atMs,
          latencyMs: clock.monotonicMs() - atMs,
          ok: false,
          code: undefined,
          attempts: 1,
          hedged: false,
          peerId: undefined,
          ...outcome,
        })
      ;(options.placement === 'hive' ? dispatch(model) : place(model)).then(
        ({ peerId, attempts }) => {
          const hedged = attempts.some(attempt => attempt.purpose === 'hedge')
          finish({ ok: true, peerId, attempts: attempts.length, hedged })
        },
        error =>
          finish({ code: error.code ?? String(error), attempts: error.details?.attempts?.length ?? 0 }),
      )
    },
  }
}
