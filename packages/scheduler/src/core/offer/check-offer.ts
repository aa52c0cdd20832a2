import { LIMITS } from '@neurovoyance/protocol'
import type { Capability, Demand, HostedModel, Offer } from './offer.js'

/** Why an offer or a demand is not taken. `stale` is ordinary in gossip; the others are a peer's fault. */
export type Refusal =
  | 'stale'
  | 'clock'
  | 'lifetime'
  | 'signer'
  | 'too-many-models'
  | 'duplicate-model'
  | 'out-of-range'

/** Bounds on what a peer may claim. */
export interface OfferLimits {
  /** Longest life an offer may ask for. */
  maxLifetimeMs: number
  /**
   * Largest distance between the sender's wall clock and ours. Generous, because an offer's age is counted
   * from its receipt here; it only keeps recordings of long dead peers from being replayed.
   */
  maxClockSkewMs: number
  maxModels: number
  maxSlots: number
  maxQueueDepth: number
  maxModelBytes: number
  /** Slowest median that a node may declare. */
  maxRunMs: number
}

/** A day of clock error is tolerated; an offer lives two minutes at most. */
export const DEFAULT_OFFER_LIMITS: OfferLimits = Object.freeze({
  maxLifetimeMs: 120_000,
  maxClockSkewMs: 26 * 3_600_000,
  maxModels: LIMITS.hostedModels,
  maxSlots: 1_024,
  maxQueueDepth: 1_000_000,
  maxModelBytes: 2 ** 44,
  maxRunMs: 3_600_000,
})

/** What an offer is checked against. */
export interface OfferContext {
  /** The peer whose key sealed the envelope. */
  signer: string
  /** Our wall clock. */
  nowMs: number
  /** The highest sequence seen from this peer, where one is remembered. */
  lastSequence: number | undefined
  limits: OfferLimits
}

const within = (value: number, max: number): boolean =>
  Number.isSafeInteger(value) && value >= 0 && value <= max

const finite = (value: number): boolean => Number.isFinite(value) && value >= 0

/** The reason to refuse the offer, or `undefined` where it is good. */
export function checkOffer(offer: Offer, context: OfferContext): Refusal | undefined {
  const { limits } = context
  if (offer.peerId !== context.signer) return 'signer'
  if (!within(offer.sequence, Number.MAX_SAFE_INTEGER)) return 'out-of-range'
  if (context.lastSequence !== undefined && offer.sequence <= context.lastSequence) return 'stale'
  const time = checkLifetime(offer, context.nowMs, limits)
  if (time !== undefined) return time
  if (
    !within(offer.queueDepth, limits.maxQueueDepth) ||
    !within(offer.slots, limits.maxSlots) ||
    offer.slots < 1
  )
    return 'out-of-range'
  if (offer.capability !== undefined && !isMeasured(offer.capability)) return 'out-of-range'
  if (offer.models.length > limits.maxModels) return 'too-many-models'
  if (!offer.models.every(hosted => isPlausible(hosted, limits))) return 'out-of-range'
  if (new Set(offer.models.map(hosted => hosted.model)).size !== offer.models.length) return 'duplicate-model'
  return undefined
}

/** The reason to refuse a demand, or `undefined` where it is good. */
export function checkDemand(demand: Demand, nowMs: number, limits: OfferLimits): Refusal | undefined {
  const plausible =
    demand.model !== '' &&
    within(demand.bytes, limits.maxModelBytes) &&
    within(demand.requests, limits.maxQueueDepth)
  return plausible ? checkLifetime(demand, nowMs, limits) : 'out-of-range'
}

function checkLifetime(
  message: { issuedAtMs: number; expiresAtMs: number },
  nowMs: number,
  limits: OfferLimits,
): Refusal | undefined {
  const lifetimeMs = message.expiresAtMs - message.issuedAtMs
  if (!(lifetimeMs > 0 && lifetimeMs <= limits.maxLifetimeMs)) return 'lifetime'
  if (!(Math.abs(message.issuedAtMs - nowMs) <= limits.maxClockSkewMs)) return 'clock'
  return undefined
}

const isMeasured = ({ gflops, memoryBandwidthMbps, memoryBytes }: Capability): boolean =>
  finite(gflops) && finite(memoryBandwidthMbps) && finite(memoryBytes)

function isPlausible(hosted: HostedModel, limits: OfferLimits): boolean {
  return (
    hosted.model !== '' &&
    within(hosted.bytes, limits.maxModelBytes) &&
    within(hosted.inFlight, limits.maxQueueDepth) &&
    within(hosted.p50Us ?? 0, limits.maxRunMs * 1000)
  )
}
