import { announceEveryMs, createMarket, type Market, offerLifetimeMs } from '@neurovoyance/scheduler'
import { createNetwork, type Network, type SeededRandom } from '@neurovoyance/testing/network'
import { type Customer, createCustomer, type RequestRecord } from './customer.ts'
import type { HiveOptions } from './options.ts'
import { createProvider, type Provider, type SimMessage, type SimModel } from './provider.ts'

/** A finished simulation. */
export interface HiveRun {
  options: HiveOptions
  requests: RequestRecord[]
  asked: number
  /** Requests sent to a node that had been down for longer than its offers live. */
  ghostSends: number
  /** Requests sent to a node that was down, at all. */
  deadSends: number
  /** Live hosts of each model, once a second. */
  replicas: Map<string, number[]>
  providers: Provider[]
  newModel: string
  /** When the first request was made. */
  startMs: number
}

const REGIONS = 6

/** Slack for a message on its way when its sender dies. */
const GHOST_SLACK_MS = 2_000

/** Runs a hive from its first to its last virtual second. */
export async function simulateHive(options: HiveOptions): Promise<HiveRun> {
  const regionOf = new Map<string, number>()
  const rtt = (from: string, to: string): number => {
    const distance = Math.abs((regionOf.get(from) ?? 0) - (regionOf.get(to) ?? 0))
    return 4 + 2 * 15 * distance
  }
  const network = createNetwork<SimMessage>({
    seed: options.seed,
    link: { loss: 0.01 },
    linkOf: (from, to) => ({ latencyMs: rtt(from, to) / 2, jitterMs: rtt(from, to) / 10 }),
  })
  const random = network.random.fork('hive')
  const models = createModels(options)
  const byId = new Map(models.map(model => [model.model, model]))
  const markets = createRegionalMarkets(network, regionOf)
  const providers = new Map<string, Provider>()
  for (let index = 0; index < options.nodes; index++) {
    const id = `node-${index}`
    const region = index % REGIONS
    regionOf.set(id, region)
    const market = markets[region]!
    const behaviour = drawBehaviour(options, random)
    const { nodes: networkSize, hosting } = options
    const own = random.fork(id)
    const init = { id, network, market, models: byId, random: own, networkSize, behaviour, hosting }
    providers.set(id, createProvider(init))
  }
  giveModels(options, models, [...providers.values()], random)
  const run: HiveRun = {
    options,
    requests: [],
    asked: 0,
    ghostSends: 0,
    deadSends: 0,
    replicas: new Map(models.map(model => [model.model, []])),
    providers: [...providers.values()],
    newModel: models.at(-1)!.model,
    startMs: 0,
  }
  const ghostMs = offerLifetimeMs(announceEveryMs(options.nodes)) + GHOST_SLACK_MS
  const onSend = (peerId: string): void => {
    const diedAtMs = providers.get(peerId)?.diedAtMs
    if (diedAtMs === undefined) return
    run.deadSends++
    if (network.clock.monotonicMs() - diedAtMs > ghostMs) run.ghostSends++
  }
  const customers = Array.from({ length: options.clients }, (_, index) => {
    const id = `client-${index}`
    regionOf.set(id, index % REGIONS)
    const record = (request: RequestRecord): void => void run.requests.push(request)
    return createCustomer({ id, network, random: random.fork(id), options, providers, rtt, record, onSend })
  })
  for (const provider of providers.values()) provider.start()
  churn(options, network, run.providers, random.fork('churn'))
  partition(options, network, regionOf)
  sampleReplicas(options, network, run)
  await network.clock.run(offerLifetimeMs(announceEveryMs(options.nodes)) / 2)
  ask(options, network, customers, models, random.fork('demand'), run)
  await network.clock.run(options.seconds * 1000 + options.deadlineMs + 1_000)
  return run
}

function createModels({ models }: HiveOptions): SimModel[] {
  return Array.from({ length: models }, (_, index) => ({
    model: `model-${index}`,
    bytes: 20e6 * (1 + (index % 5)),
    costMs: 10 * (1 + (index % 4)),
  }))
}

/** What each region's nodes know of the market: they hear the same gossip. */
function createRegionalMarkets(network: Network<SimMessage>, regionOf: Map<string, number>): Market[] {
  return Array.from({ length: REGIONS }, (_, region) => {
    const market = createMarket({ clock: network.clock })
    const id = `region-${region}`
    regionOf.set(id, region)
    const node = network.add(id, {
      gossip(from, _topic, message) {
        if (message.type === 'offer') market.putOffer(message.offer, from)
        if (message.type === 'demand') market.putDemand(message.caller, message.demand)
      },
    })
    node.subscribe('offers')
    node.subscribe('demand')
    return remembered(market, network)
  })
}

/** Hundreds of nodes look at a regional market: what one saw this half second, the others see too. */
function remembered(market: Market, network: Network<SimMessage>): Market {
  let atMs = Number.NEGATIVE_INFINITY
  let snapshot = market.snapshot()
  let entries = market.entries()
  const refresh = (): void => {
    if (network.clock.monotonicMs() - atMs < 500) return
    atMs = network.clock.monotonicMs()
    snapshot = market.snapshot()
    entries = market.entries()
  }
  return {
    ...market,
    snapshot() {
      refresh()
      return snapshot
    },
    entries() {
      refresh()
      return entries
    },
  }
}

function drawBehaviour(options: HiveOptions, random: SeededRandom) {
  const fate = random.float()
  const slots = 1 + random.int(4)
  const slowness = options.hosting ? 0.5 * 3 ** random.float() : 1
  const { liars, slow, mute } = options
  if (fate < liars) return { slots, slowness: slowness * 10, honesty: 0.01, mute: false }
  if (fate < liars + slow) return { slots, slowness: slowness * 6, honesty: 1, mute: false }
  return { slots, slowness, honesty: 1, mute: fate < liars + slow + mute }
}

/** With hosting, each model but the last starts at two nodes; without, every node has all of them. */
function giveModels(
  options: HiveOptions,
  models: SimModel[],
  providers: Provider[],
  random: SeededRandom,
): void {
  for (const model of options.hosting ? models.slice(0, -1) : models)
    for (const provider of options.hosting ? random.shuffle(providers).slice(0, 2) : providers)
      provider.give(model)
}

function churn(
  options: HiveOptions,
  network: Network<SimMessage>,
  providers: Provider[],
  random: SeededRandom,
): void {
  if (options.meanLifeSeconds === 0) return
  const live = (provider: Provider): void => {
    network.clock.after(random.exponential(options.meanLifeSeconds * 1000), () => {
      provider.stop()
      network.clock.after(random.exponential(20_000), () => {
        provider.start()
        live(provider)
      })
    })
  }
  for (const provider of providers) live(provider)
}

/** In the second third, one region is cut off for a tenth of the time. */
function partition(options: HiveOptions, network: Network<SimMessage>, regionOf: Map<string, number>): void {
  if (!options.partition) return
  network.clock.after(options.seconds * 400, () => {
    network.partition([[...regionOf.entries()].filter(([, region]) => region === 0).map(([id]) => id)])
    network.clock.after(options.seconds * 100, () => network.heal())
  })
}

function sampleReplicas(options: HiveOptions, network: Network<SimMessage>, run: HiveRun): void {
  for (let second = 1; second <= options.seconds; second++)
    network.clock.after(second * 1000, () => {
      for (const [model, counts] of run.replicas)
        counts.push(run.providers.filter(provider => provider.hosts(model)).length)
    })
}

/** Requests arrive at random; the first models are the popular ones, the last is new and asked for later. */
function ask(
  options: HiveOptions,
  network: Network<SimMessage>,
  customers: Customer[],
  models: SimModel[],
  random: SeededRandom,
  run: HiveRun,
): void {
  const endMs = network.clock.monotonicMs() + options.seconds * 1000
  const known = options.hosting ? models.slice(0, -1) : models
  const weights = known.map((_, index) => 1 / (1 + index))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const popular = (): SimModel => {
    let left = random.float() * sum
    let index = 0
    while (index < known.length - 1 && left >= weights[index]!) left -= weights[index++]!
    return known[index]!
  }
  const startMs = network.clock.monotonicMs()
  run.startMs = startMs
  const next = (): void => {
    network.clock.after(random.exponential(1000 / options.requestsPerSecond), () => {
      const nowMs = network.clock.monotonicMs()
      if (nowMs >= endMs) return
      const isNew =
        options.hosting && nowMs - startMs > options.newModelAtSeconds * 1000 && random.chance(0.03)
      random.pick(customers).ask(isNew ? models.at(-1)! : popular())
      run.asked++
      next()
    })
  }
  next()
}
