import { addDecaying, decayedValue } from './decay.js'
import { type Knowledge, modelKnowledge, type PeerKnowledge, peerKnowledge } from './knowledge.js'
import type { Prediction } from './predict.js'
import type { ChoiceSettings } from './settings.js'

/** Payloads below this size say nothing about bandwidth. */
const MIN_BANDWIDTH_BYTES = 65_536

/** Models that a typical run time is kept of. */
const MAX_TYPICAL_MODELS = 1_024

/** No run is believed to be shorter. */
const MIN_RUN_MS = 0.01

/** Steps of a low quantile on a logarithmic scale: unequal, so that it settles about the 15th percentile. */
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
 * Learns from one run. What the way, the start and our own runs ahead do not explain is the run itself; what
 * is longer than the node's runs were when it was free is congestion. A peer can explain slowness with
 * nothing but its own claims, which it is then held to. A run that was given up teaches too, but only that
 * the node is slower than believed.
 */
export function observe(knowledge: Knowledge, observation: Observation, nowMs: number): void {
  const { prediction, actualMs, answered } = observation
  if (!answered && actualMs <= prediction.totalMs) return
  const { rttMs, coldMs, ownWaitMs, transferMs, serviceMs } = prediction
  const leftMs = Math.max(0, actualMs - rttMs - coldMs - ownWaitMs)
  const transfers = observation.payloadBytes >= MIN_BANDWIDTH_BYTES
  const moved = transfers
    ? leftMs * (transferMs / (transferMs + serviceMs + prediction.congestionMs))
    : transferMs
  if (transfers && answered && moved > 0)
    learnBandwidth(knowledge, observation, observation.payloadBytes / moved)
  learnRun(knowledge, observation, Math.max(leftMs - moved, Math.min(actualMs, MIN_RUN_MS)), nowMs)
}

function learnRun(knowledge: Knowledge, observation: Observation, runMs: number, nowMs: number): void {
  const { settings } = knowledge
  const peer = peerKnowledge(knowledge, observation.peerId)
  const model = modelKnowledge(knowledge, peer, observation.model)
  const weight = decayedValue(model.weight, nowMs, settings.memoryHalfLifeMs)
  const errorMs = Math.abs(observation.actualMs - observation.prediction.totalMs)
  if (weight < 0.1) {
    model.serviceMs = runMs
    model.deviationMs = runMs / 4
  } else {
    model.serviceMs *=
      (runMs / model.serviceMs) **
      Math.max(runMs < model.serviceMs ? FASTER_STEP : SLOWER_STEP, 0.5 / (1 + weight))
    model.deviationMs += (errorMs - model.deviationMs) * settings.smoothing
  }
  addDecaying(model.weight, 1, nowMs, settings.memoryHalfLifeMs, 16)
  const congestion = decayedValue(peer.congestionMs, nowMs, settings.queueHalfLifeMs)
  const excessMs = Math.max(0, runMs - model.serviceMs)
  peer.congestionMs = { value: congestion + (excessMs - congestion) * settings.smoothing, atMs: nowMs }
  learnSlowdown(peer, observation.declaredMs, model.serviceMs, weight, nowMs, settings)
  if (observation.answered) learnTypical(knowledge, observation.model, runMs)
}

/** How much slower than it says a peer is: its claims for other models are stretched by as much. */
function learnSlowdown(
  peer: PeerKnowledge,
  declaredMs: number,
  serviceMs: number,
  weight: number,
  nowMs: number,
  settings: ChoiceSettings,
): void {
  if (declaredMs <= 0) return
  const log2 = decayedValue(peer.slowdownLog2, nowMs, settings.memoryHalfLifeMs)
  const seen = Math.min(10, Math.max(0, Math.log2(serviceMs / declaredMs)))
  peer.slowdownLog2 = {
    value: log2 + (seen - log2) * Math.max(settings.smoothing, 1 / (1 + weight)),
    atMs: nowMs,
  }
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
