import type { Demand } from '../offer/offer.js'

/** What the network asks for and does not get enough of. */
export interface UnmetDemand {
  model: string
  name: string
  /** Size that most callers name, or 0. */
  bytes: number
  /** Distinct peers that call for the model. */
  callers: number
  /** Requests they could not place. */
  requests: number
  /** How much the call weighs: each caller counts 1 + log₂ of its requests, so that shouting gains little. */
  weight: number
}

/** Requests that a client could not place, for the network to hear. */
export interface UnplacedRequests {
  model: string
  name: string
  /** Size of the model where the client knows it, else 0. */
  bytes: number
  /** Requests that are waiting for a host now. */
  requests: number
}

/** A demand outlives the interval at which it is repeated three times. */
const DEMAND_LIFETIME_MS = 10_000

/** The demand to seal and publish; `nowMs` is the wall clock's. */
export function demandFor(unplaced: UnplacedRequests, nowMs: number): Demand {
  const issuedAtMs = Math.round(nowMs)
  return { ...unplaced, issuedAtMs, expiresAtMs: issuedAtMs + DEMAND_LIFETIME_MS }
}

/** Bounds of the demand table. */
export interface DemandLimits {
  maxModels: number
  maxCallersPerModel: number
  maxModelsPerCaller: number
}

export const DEFAULT_DEMAND_LIMITS: DemandLimits = Object.freeze({
  maxModels: 2_048,
  maxCallersPerModel: 256,
  maxModelsPerCaller: 32,
})

/** Calls for models, by model and caller; each dies when it is not repeated. */
export interface DemandTable {
  /** Takes a checked demand; false where the caller or the table is at its limit. */
  put(caller: string, demand: Demand, nowMs: number): boolean
  /** All live demand, heaviest first. */
  list(nowMs: number): UnmetDemand[]
  of(model: string, nowMs: number): UnmetDemand | undefined
  dropCaller(caller: string): void
}

interface Call {
  demand: Demand
  diesAtMs: number
}

/** An empty table. */
export function createDemandTable(limits: DemandLimits = DEFAULT_DEMAND_LIMITS): DemandTable {
  const byModel = new Map<string, Map<string, Call>>()
  const byCaller = new Map<string, Set<string>>()

  function remove(model: string, caller: string): void {
    const calls = byModel.get(model)
    calls?.delete(caller)
    if (calls?.size === 0) byModel.delete(model)
    const models = byCaller.get(caller)
    models?.delete(model)
    if (models?.size === 0) byCaller.delete(caller)
  }

  function expire(nowMs: number): void {
    for (const [model, calls] of byModel)
      for (const [caller, call] of calls) if (call.diesAtMs <= nowMs) remove(model, caller)
  }

  function hasRoom(caller: string, model: string): boolean {
    const calls = byModel.get(model)
    if (calls?.has(caller)) return true
    if ((byCaller.get(caller)?.size ?? 0) >= limits.maxModelsPerCaller) return false
    return calls === undefined ? byModel.size < limits.maxModels : calls.size < limits.maxCallersPerModel
  }

  return {
    put(caller, demand, nowMs) {
      if (!hasRoom(caller, demand.model)) expire(nowMs)
      if (!hasRoom(caller, demand.model)) return false
      const calls = byModel.get(demand.model) ?? new Map<string, Call>()
      byModel.set(demand.model, calls)
      calls.set(caller, { demand, diesAtMs: nowMs + (demand.expiresAtMs - demand.issuedAtMs) })
      const models = byCaller.get(caller) ?? new Set<string>()
      byCaller.set(caller, models)
      models.add(demand.model)
      return true
    },
    list(nowMs) {
      expire(nowMs)
      return [...byModel.entries()]
        .map(([model, calls]) => sumCalls(model, calls))
        .sort((a, b) => b.weight - a.weight || (a.model < b.model ? -1 : 1))
    },
    of(model, nowMs) {
      expire(nowMs)
      const calls = byModel.get(model)
      return calls === undefined ? undefined : sumCalls(model, calls)
    },
    dropCaller(caller) {
      for (const model of [...(byCaller.get(caller) ?? [])]) remove(model, caller)
    },
  }
}

function sumCalls(model: string, calls: ReadonlyMap<string, Call>): UnmetDemand {
  const sizes = new Map<number, number>()
  let requests = 0
  let weight = 0
  let name = ''
  for (const { demand } of calls.values()) {
    requests += demand.requests
    weight += 1 + Math.log2(1 + demand.requests)
    if (name === '') name = demand.name
    if (demand.bytes > 0) sizes.set(demand.bytes, (sizes.get(demand.bytes) ?? 0) + 1)
  }
  const bytes = [...sizes.entries()].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? 0
  return { model, name, bytes, callers: calls.size, requests, weight }
}
