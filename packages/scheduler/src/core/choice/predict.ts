import type { Host } from '../market/offer-table.js'
import { decayedValue } from './decay.js'
import type { Knowledge, ModelKnowledge, PeerKnowledge } from './knowledge.js'
import type { ChoiceSettings } from './settings.js'

/** When a run on one node would be done, and of what that time is made. */
export interface Prediction {
  totalMs: number
  /** Other people's runs ahead of ours. */
  congestionMs: number
  /** Our own runs ahead of it. */
  ownWaitMs: number
  /** The run itself. */
  serviceMs: number
  /** Start of a session where the model is not in memory. */
  coldMs: number
  /** Payload bytes over the bandwidth. */
  transferMs: number
  rttMs: number
  /** Time by which nearly every run is done (about p95): mean + 2 × 1.25 mean deviations, plus the rest. */
  tailMs: number
  /** Whether we have measured this model on this node ourselves, not long ago. */
  proven: boolean
  /** Whether anybody has told or measured how long the run takes. */
  known: boolean
}

/** What is to be run. */
export interface Job {
  model: string
  payloadBytes: number
  nowMs: number
}

/** Weight of the node's own claim beside observations: half of one observation. */
const CLAIM_WEIGHT = 0.5

/** Weight of observations from which a node counts as proven. */
const PROVEN_WEIGHT = 0.5

/** Everything the prediction of one host reads, gathered once. */
export interface Sight {
  host: Host
  peer: PeerKnowledge | undefined
  model: ModelKnowledge | undefined
  weight: number
  rttMs: number | undefined
}

/** Gathers what is known of a host. */
export function look(knowledge: Knowledge, host: Host, job: Job, rttMs: number | undefined): Sight {
  const peer = knowledge.peers.get(host.peerId)
  const model = peer?.models.get(job.model)
  const weight =
    model === undefined ? 0 : decayedValue(model.weight, job.nowMs, knowledge.settings.memoryHalfLifeMs)
  return { host, peer, model, weight, rttMs }
}

/** Whether our own measurements, and not the node's word, carry the estimate. */
export const isProven = (sight: Sight): boolean => sight.weight >= PROVEN_WEIGHT

/** The predicted completion time of a job on a host. */
export function predict(knowledge: Knowledge, sight: Sight, job: Job): Prediction {
  const { settings } = knowledge
  const serviceMs = estimateService(knowledge, sight, job)
  const congestionMs = estimateCongestion(sight, job.nowMs, settings)
  const ownWaitMs = estimateOwnWait(sight, serviceMs, congestionMs)
  const coldMs = sight.host.hosted.loaded
    ? 0
    : settings.coldStartMs + sight.host.hosted.bytes / settings.coldBytesPerMs
  const transferMs = job.payloadBytes / (sight.peer?.bytesPerMs || settings.unknownBytesPerMs)
  const rttMs = sight.rttMs ?? settings.unknownRttMs
  const totalMs = congestionMs + ownWaitMs + serviceMs + coldMs + transferMs + rttMs
  const deviationMs = isProven(sight) ? sight.model!.deviationMs : serviceMs / 2
  return {
    totalMs,
    congestionMs,
    ownWaitMs,
    serviceMs,
    coldMs,
    transferMs,
    rttMs,
    tailMs: totalMs + 2.5 * deviationMs,
    proven: isProven(sight),
    known: sight.weight > 0 || Boolean(sight.host.hosted.p50Us) || knowledge.typicalMs.has(job.model),
  }
}

/**
 * Our measurements against the node's claim. An unproven claim is never believed to beat what a good
 * node has shown us, and claims of a node that exaggerated before are stretched by as much as it did.
 */
function estimateService(knowledge: Knowledge, sight: Sight, job: Job): number {
  const { settings } = knowledge
  const typicalMs = knowledge.typicalMs.get(job.model)
  const declaredMs = (sight.host.hosted.p50Us ?? 0) / 1000
  const slowdown =
    sight.peer === undefined
      ? 1
      : 2 ** decayedValue(sight.peer.slowdownLog2, job.nowMs, settings.memoryHalfLifeMs)
  const claimMs = Math.max((declaredMs || typicalMs || settings.unknownServiceMs) * slowdown, typicalMs ?? 0)
  if (sight.weight === 0) return claimMs
  return (sight.model!.serviceMs * sight.weight + claimMs * CLAIM_WEIGHT) / (sight.weight + CLAIM_WEIGHT)
}

/**
 * The wait behind other people's runs: what our own last answers from the node told, or what its offer
 * declares, whichever is fresher; either fades.
 */
function estimateCongestion(sight: Sight, nowMs: number, settings: ChoiceSettings): number {
  const { entry } = sight.host
  const seen = sight.peer?.congestionMs
  if (seen !== undefined && seen.atMs > entry.receivedAtMs)
    return decayedValue(seen, nowMs, settings.queueHalfLifeMs)
  let ours = 0
  for (const sentAtMs of sight.peer?.inFlight ?? []) if (sentAtMs <= entry.receivedAtMs) ours++
  const { slots } = entry.offer
  const queued = entry.pendingJobs - ours - slots + 1
  if (queued <= 0 || entry.pendingJobs === 0) return 0
  const fading = 2 ** (-(nowMs - entry.receivedAtMs) / settings.queueHalfLifeMs)
  return ((queued * entry.pendingMs) / entry.pendingJobs / slots) * fading
}

/** The wait behind our own runs; they fill free slots first, unless others have taken those. */
function estimateOwnWait(sight: Sight, serviceMs: number, congestionMs: number): number {
  const own = sight.peer?.inFlight.length ?? 0
  const { slots } = sight.host.entry.offer
  const queued = congestionMs > 0 ? own : own - slots + 1
  return queued <= 0 ? 0 : (queued * serviceMs) / slots
}
