import { addDecaying, decayedValue } from './decay.js'
import { type Knowledge, modelKnowledge, peerKnowledge } from './knowledge.js'
import type { Prediction } from './predict.js'

/** Payloads below this size say nothing about bandwidth. */
const MIN_BANDWIDTH_BYTES = 65_536

/** Models that a typical run time is kept of. */
const MAX_TYPICAL_MODELS = 1_024

/** Steps of the typical run time, unequal so that it settles at what a good node does (about the 15th percentile). */
const FASTER_STEP = 0.3
const SLOWER_STEP = 0.05

/** A run that came back, or did not within `actualMs`. */
export interface Observation {
  peerId: string
  model: string
  payloadBytes: number
  /** What was predicted when it was sent. */
  prediction: Prediction
  /** The node's declared median then; 0 where it declared none. */
  declaredMs: number
  /** Time from sending until the answer; where there was none, the time waited in vain. */
  actualMs: number
  answered: boolean
}

/**
 * Learns from one run. The error of the prediction is shared between run and transfer in proportion to what
 * each was predicted to take, so a peer can explain slowness with nothing but its own claims, which it is
 * then held to. A run that was given up teaches too, but only that the node is slower than believed.
 */
export function observe(knowledge: Knowledge, observation: Observation, nowMs: number): void {
  const { prediction, actualMs } = observation
  const errorMs = actualMs - prediction.totalMs
  if (!observation.answered && errorMs <= 0) return
  const transfers = observation.payloadBytes >= MIN_BANDWIDTH_BYTES
  const shared = prediction.serviceMs + (transfers ? prediction.transferMs : 0)
  const stretch = shared === 0 ? 0 : errorMs / shared
  const serviceMs = Math.max(prediction.serviceMs * (1 + stretch), Math.min(actualMs, 0.05))
  learnService(knowledge, observation, serviceMs, nowMs)
  const transferMs = prediction.transferMs * (1 + stretch)
  if (transfers && observation.answered && transferMs > 0)
    learnBandwidth(knowledge, observation, observation.payloadBytes / transferMs)
}

function learnService(
  knowledge: Knowledge,
  observation: Observation,
  serviceMs: number,
  nowMs: number,
): void {
  const { settings } = knowledge
  const peer = peerKnowledge(knowledge, observation.peerId)
  const model = modelKnowledge(knowledge, peer, observation.model)
  const weight = decayedValue(model.weight, nowMs, settings.memoryHalfLifeMs)
  const share = Math.max(settings.smoothing, 1 / (1 + weight))
  const distanceMs = Math.abs(serviceMs - model.meanMs)
  model.deviationMs =
    weight === 0 ? serviceMs / 2 : model.deviationMs + (distanceMs - model.deviationMs) * settings.smoothing
  model.meanMs = weight === 0 ? serviceMs : model.meanMs + (serviceMs - model.meanMs) * share
  addDecaying(model.weight, 1, nowMs, settings.memoryHalfLifeMs, 16)
  if (observation.declaredMs > 0) {
    const log2 = decayedValue(peer.slowdownLog2, nowMs, settings.memoryHalfLifeMs)
    const seen = Math.min(10, Math.max(0, Math.log2(serviceMs / observation.declaredMs)))
    peer.slowdownLog2 = {
      value: log2 + (seen - log2) * Math.max(settings.smoothing, 1 / (1 + weight)),
      atMs: nowMs,
    }
  }
  if (observation.answered) learnTypical(knowledge, observation.model, serviceMs)
}

function learnTypical(knowledge: Knowledge, model: string, serviceMs: number): void {
  const typical = knowledge.typicalMs.get(model)
  if (typical === undefined && knowledge.typicalMs.size >= MAX_TYPICAL_MODELS)
    knowledge.typicalMs.delete(knowledge.typicalMs.keys().next().value!)
  const step = typical === undefined ? 1 : serviceMs < typical ? FASTER_STEP : SLOWER_STEP
  knowledge.typicalMs.set(model, (typical ?? serviceMs) * (serviceMs / (typical ?? serviceMs)) ** step)
}

function learnBandwidth(knowledge: Knowledge, observation: Observation, bytesPerMs: number): void {
  const peer = peerKnowledge(knowledge, observation.peerId)
  peer.bytesPerMs =
    peer.bytesPerMs === 0
      ? bytesPerMs
      : peer.bytesPerMs + (bytesPerMs - peer.bytesPerMs) * knowledge.settings.smoothing
}
