import type { DemandTable, UnmetDemand } from './demand-table.js'
import type { OfferTable } from './offer-table.js'

/** One model as the market sees it. */
export interface ModelView {
  model: string
  /** The name most hosts give it. */
  name: string
  bytes: number
  hosts: number
  /** Hosts that have it in memory. */
  loaded: number
  /** The middle one of the medians that hosts declare, in ms; 0 where none has run it. */
  p50Ms: number
  /** Runs queued or running for this model, over all hosts. */
  inFlight: number
  /** Pending runs per slot over the hosts of this model; above 1 they queue. */
  utilisation: number
}

/** The market at one moment. */
export interface MarketSnapshot {
  /** Live nodes: hosts, and those that offer to host. */
  nodes: number
  /** Models with a live host, most hosts first. */
  models: ModelView[]
  /** Calls that are not answered, heaviest first. */
  demand: UnmetDemand[]
}

/** Everything the market knows, summed up by model. Call it after `expire`. */
export function viewMarket(offers: OfferTable, demand: DemandTable, nowMs: number): MarketSnapshot {
  return {
    nodes: offers.size,
    models: [...offers.models()]
      .map(model => viewModel(offers, model))
      .sort((a, b) => b.hosts - a.hosts || (a.model < b.model ? -1 : 1)),
    demand: demand.list(nowMs),
  }
}

/** One model, summed up over its hosts. */
export function viewModel(offers: OfferTable, model: string): ModelView {
  const names = new Map<string, number>()
  const medians: number[] = []
  const view: ModelView = {
    model,
    name: '',
    bytes: 0,
    hosts: 0,
    loaded: 0,
    p50Ms: 0,
    inFlight: 0,
    utilisation: 0,
  }
  let slots = 0
  let pending = 0
  for (const { hosted, entry } of offers.hosts(model).values()) {
    view.hosts++
    view.inFlight += hosted.inFlight
    if (hosted.loaded) view.loaded++
    if (hosted.bytes > view.bytes) view.bytes = hosted.bytes
    if (hosted.p50Us) medians.push(hosted.p50Us / 1000)
    names.set(hosted.name, (names.get(hosted.name) ?? 0) + 1)
    slots += entry.offer.slots
    pending += entry.pendingJobs
  }
  view.name = [...names.entries()].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? ''
  view.p50Ms = medians.sort((a, b) => a - b)[medians.length >> 1] ?? 0
  view.utilisation = slots === 0 ? 0 : pending / slots
  return view
}
