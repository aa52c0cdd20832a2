import { decayedValue } from '../choice/decay.js'
import type { HeldModel, HostingState, ModelSurvey } from './hosting.js'
import { rendezvousHash, rendezvousRank } from './rendezvous.js'

/** What hosting a model brings for each byte of disk: demand × price ÷ size. */
export function worth(demand: number, price: number, bytes: number): number {
  return (demand * (price || 1)) / Math.max(1, bytes)
}

/** Bytes that models take or are about to take. */
export function heldBytes(state: HostingState): number {
  let bytes = 0
  for (const held of state.held.values()) bytes += held.bytes
  return bytes
}

/**
 * The models that have to go so that `bytes` more fit, least worth first; `undefined` where that cannot be
 * done without losing something worth keeping.
 */
export function makeRoom(
  state: HostingState,
  bytes: number,
  worthOfNew: number,
  surveys: ReadonlyMap<string, ModelSurvey>,
  nowMs: number,
): string[] | undefined {
  let missing = heldBytes(state) + bytes - state.limits.diskBytes
  if (missing <= 0) return []
  const victims = [...state.held.values()]
    .filter(held => mayGo(state, held, surveys.get(held.model), nowMs))
    .map(held => ({ held, worth: worthOfHeld(state, held, surveys.get(held.model), nowMs) }))
    .filter(victim => victim.worth * state.settings.evictMargin < worthOfNew)
    .sort((a, b) => a.worth - b.worth || (a.held.model < b.held.model ? -1 : 1))
  const gone: string[] = []
  for (const { held } of victims) {
    if (missing <= 0) break
    gone.push(held.model)
    missing -= held.bytes
  }
  return missing <= 0 ? gone : undefined
}

/** Models that may give way: not pinned, not just come, and not the copy that the network counts on. */
function mayGo(
  state: HostingState,
  held: HeldModel,
  survey: ModelSurvey | undefined,
  nowMs: number,
): boolean {
  if (held.pinned || held.status !== 'ready' || nowMs - held.sinceMs < state.settings.minHoldMs) return false
  const others = survey?.hosts.filter(peerId => peerId !== state.self) ?? []
  const wanted =
    (survey?.unmetDemand ?? 0) > 0 || decayedValue(held.usage, nowMs, state.settings.usageHalfLifeMs) >= 0.5
  // Of the hosts of a model that is in use, the first by rank keeps it: two must not both leave it to the other.
  return !wanted || (others.length > 0 && isOutranked(held.model, state.self, others))
}

const isOutranked = (model: string, self: string, others: readonly string[]): boolean =>
  rendezvousRank(
    model,
    { hash: rendezvousHash(self) },
    others.map(peerId => ({ hash: rendezvousHash(peerId) })),
  ) > 0

function worthOfHeld(
  state: HostingState,
  held: HeldModel,
  survey: ModelSurvey | undefined,
  nowMs: number,
): number {
  const used = decayedValue(held.usage, nowMs, state.settings.usageHalfLifeMs)
  return worth(used + (survey?.unmetDemand ?? 0), survey?.price ?? 1, held.bytes)
}
