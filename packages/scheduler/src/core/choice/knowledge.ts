import { addDecaying, createDecaying, type Decaying, decayedValue } from './decay.js'
import type { ChoiceSettings } from './settings.js'

/** What we measured ourselves of one model on one peer. */
export interface ModelKnowledge {
  /** Run time as we saw it when the node was free, whatever the peer says: a low quantile. */
  serviceMs: number
  /** Moving average of how far answers were from their prediction, for the tail. */
  deviationMs: number
  /** Observations, fading; claims have the weight of one half of one. */
  weight: Decaying
  /** Penalty for faults that concern this model only. */
  penalty: Decaying
}

/** What we measured ourselves of one peer. */
export interface PeerKnowledge {
  /** How many times slower the peer is than it says, as a base-2 logarithm; fades to 0. */
  slowdownLog2: Decaying
  /** Penalty for faults of the peer as a whole. */
  penalty: Decaying
  /** How long other people's runs made ours wait lately; fades within seconds. */
  congestionMs: Decaying
  /** Observed transfer speed; 0 where never measured. */
  bytesPerMs: number
  /** When our own runs that are still there were sent. */
  readonly inFlight: number[]
  readonly models: Map<string, ModelKnowledge>
}

/** All that one client has measured, bounded. */
export interface Knowledge {
  readonly peers: Map<string, PeerKnowledge>
  /** What a good node takes for each model, learned over all peers. */
  readonly typicalMs: Map<string, number>
  readonly settings: ChoiceSettings
}

/** Knowledge of nothing. */
export const createKnowledge = (settings: ChoiceSettings): Knowledge => ({
  peers: new Map(),
  typicalMs: new Map(),
  settings,
})

/** The peer's record, made where it is missing; the least recently used idle one gives way. */
export function peerKnowledge(knowledge: Knowledge, peerId: string): PeerKnowledge {
  const known = knowledge.peers.get(peerId)
  if (known !== undefined) {
    knowledge.peers.delete(peerId)
    knowledge.peers.set(peerId, known)
    return known
  }
  if (knowledge.peers.size >= knowledge.settings.maxPeers) forgetOldest(knowledge.peers)
  const peer: PeerKnowledge = {
    slowdownLog2: createDecaying(),
    penalty: createDecaying(),
    congestionMs: createDecaying(),
    bytesPerMs: 0,
    inFlight: [],
    models: new Map(),
  }
  knowledge.peers.set(peerId, peer)
  return peer
}

/** The record of one model on a peer, made where it is missing. */
export function modelKnowledge(knowledge: Knowledge, peer: PeerKnowledge, model: string): ModelKnowledge {
  const known = peer.models.get(model)
  if (known !== undefined) return known
  if (peer.models.size >= knowledge.settings.maxModelsPerPeer)
    peer.models.delete(peer.models.keys().next().value!)
  const fresh: ModelKnowledge = {
    serviceMs: 0,
    deviationMs: 0,
    weight: createDecaying(),
    penalty: createDecaying(),
  }
  peer.models.set(model, fresh)
  return fresh
}

/** Counts a run as sent. */
export function beginRun(knowledge: Knowledge, peerId: string, nowMs: number): void {
  peerKnowledge(knowledge, peerId).inFlight.push(nowMs)
}

/** Counts a run that was sent at `sentAtMs` as over. */
export function endRun(knowledge: Knowledge, peerId: string, sentAtMs: number): void {
  const inFlight = knowledge.peers.get(peerId)?.inFlight
  const index = inFlight?.indexOf(sentAtMs) ?? -1
  if (index >= 0) inFlight!.splice(index, 1)
}

/** Punishes a peer, for one model or as a whole. */
export function penalise(
  knowledge: Knowledge,
  peerId: string,
  model: string | undefined,
  weight: number,
  nowMs: number,
): void {
  const peer = peerKnowledge(knowledge, peerId)
  const penalty = model === undefined ? peer.penalty : modelKnowledge(knowledge, peer, model).penalty
  addDecaying(penalty, weight, nowMs, knowledge.settings.penaltyHalfLifeMs, 64)
}

/** Halves what is left of a peer's penalties after it has done well. */
export function forgive(knowledge: Knowledge, peerId: string, model: string, nowMs: number): void {
  const peer = knowledge.peers.get(peerId)
  const halfLifeMs = knowledge.settings.penaltyHalfLifeMs
  for (const penalty of [peer?.penalty, peer?.models.get(model)?.penalty])
    if (penalty !== undefined)
      addDecaying(penalty, -decayedValue(penalty, nowMs, halfLifeMs) / 2, nowMs, halfLifeMs, 64)
}

function forgetOldest(peers: Map<string, PeerKnowledge>): void {
  for (const [peerId, peer] of peers) {
    if (peer.inFlight.length > 0) continue
    peers.delete(peerId)
    return
  }
}
