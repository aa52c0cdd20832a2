import { type Clock, LIMITS, systemClock, type Verifier } from '@neurovoyance/protocol'
import {
  createDemandTable,
  DEFAULT_DEMAND_LIMITS,
  type DemandLimits,
  type UnmetDemand,
} from '../core/market/demand-table.js'
import { type MarketSnapshot, type ModelView, viewMarket, viewModel } from '../core/market/market-view.js'
import {
  createOfferTable,
  DEFAULT_TABLE_LIMITS,
  type Host,
  type OfferEntry,
  type TableLimits,
} from '../core/market/offer-table.js'
import {
  checkDemand,
  checkOffer,
  DEFAULT_OFFER_LIMITS,
  type OfferLimits,
  type Refusal,
} from '../core/offer/check-offer.js'
import type { Demand, Offer } from '../core/offer/offer.js'
import { settle } from '../settings.js'
import { createIntake, DEFAULT_INTAKE_LIMITS, type IntakeLimits } from './intake.js'
import { createOwnWord } from './own-word.js'
import { openDemand, openOffer } from './sealed.js'

/** What became of a message. The verdict is gossip's: `reject` blames the sender, `ignore` does not. */
export interface Acceptance {
  verdict: 'accept' | 'ignore' | 'reject'
  /** Why it was not accepted. */
  refusal?: Refusal | 'malformed' | 'flood' | 'full'
}

/** What a market is made of. Everything has a default. */
export interface MarketInit {
  clock?: Clock
  /** Verifies signatures; protocol's portable one when left out. */
  verifier?: Verifier
  offerLimits?: Partial<OfferLimits>
  tableLimits?: Partial<TableLimits>
  demandLimits?: Partial<DemandLimits>
  intakeLimits?: Partial<IntakeLimits>
}

/** Which sealed offers to pass on. */
export interface SealedOffersQuery {
  /** Only offers that host this model. */
  model?: string
  /** Most offers; 4,096 when left out. */
  limit?: number
  /** Most bytes together; 1 MiB when left out. */
  maxBytes?: number
}

/** The offers and the unmet demand that this process knows of. */
export interface Market {
  /** Takes a sealed offer as it came from a neighbour, by gossip or on request. Never throws. */
  acceptOffer(bytes: Uint8Array, from: string): Promise<Acceptance>
  /** Takes a sealed demand likewise. */
  acceptDemand(bytes: Uint8Array, from: string): Promise<Acceptance>
  /** Takes an offer without an envelope: our own, or one whose origin the caller vouches for. */
  putOffer(offer: Offer, from?: string): Acceptance
  /** Takes a demand without an envelope: our own. */
  putDemand(caller: string, demand: Demand): Acceptance
  /** A peer is connected: its offer is never put out for a stranger's. */
  peerSeen(peerId: string): void
  /** Whether a peer is connected: seen, and not gone since. */
  isConnected(peerId: string): boolean
  /** A peer is gone: its offer dies now, and only a newer one brings it back. */
  peerGone(peerId: string): void
  /** A peer could not be reached: its offer dies as if it were gone, whatever our connections say. */
  peerUnreachable(peerId: string): void
  /** Live offers for a model. */
  offersFor(model: string): Offer[]
  /** Live and expired hosts of a model, without a copy: `entry.diesAtMs` tells them apart. For the choice. */
  hosts(model: string): ReadonlyMap<string, Host>
  offer(peerId: string): OfferEntry | undefined
  /** All live offers, with what is known of them. */
  entries(): OfferEntry[]
  /** Envelopes to pass on to a peer that asks. */
  sealedOffers(query?: SealedOffersQuery): Uint8Array[]
  model(model: string): ModelView
  unmetDemand(): UnmetDemand[]
  snapshot(): MarketSnapshot
  /** Tells of every node that starts to host a model, and again when it has loaded it. Returns a function that ends it. */
  onHost(listener: (model: string, peerId: string) => void): () => void
  readonly size: number
}

/** Expired offers are swept this often, when anybody looks. */
const SWEEP_EVERY_MS = 500

/**
 * Creates an empty market.
 *
 * @example
 * const market = createMarket()
 * host.gossip.subscribe(OFFERS_TOPIC, async ({ data, from }) => (await market.acceptOffer(data, from)).verdict)
 * host.onPeer(event => (event.type === 'connect' ? market.peerSeen : market.peerGone)(event.peerId))
 */
export function createMarket(init: MarketInit = {}): Market {
  const clock = init.clock ?? systemClock
  const offerLimits = settle('offerLimits', DEFAULT_OFFER_LIMITS, init.offerLimits)
  const offers = createOfferTable(settle('tableLimits', DEFAULT_TABLE_LIMITS, init.tableLimits))
  const demands = createDemandTable(settle('demandLimits', DEFAULT_DEMAND_LIMITS, init.demandLimits))
  const intakeLimits = settle('intakeLimits', DEFAULT_INTAKE_LIMITS, init.intakeLimits)
  const intake = createIntake(intakeLimits)
  const ownWord = createOwnWord(intakeLimits)
  const listeners = new Set<(model: string, peerId: string) => void>()
  let sweptAtMs = clock.monotonicMs()

  function sweep(): number {
    const nowMs = clock.monotonicMs()
    if (nowMs - sweptAtMs >= SWEEP_EVERY_MS) {
      sweptAtMs = nowMs
      offers.expire(nowMs)
    }
    return nowMs
  }

  function check(offer: Offer, signer: string): Refusal | undefined {
    const lastSequence = offers.lastSequence(offer.peerId, clock.monotonicMs())
    return checkOffer(offer, { signer, nowMs: clock.now(), lastSequence, limits: offerLimits })
  }

  function put(offer: Offer, signer: string, from: string, sealed?: Uint8Array): Acceptance {
    const nowMs = sweep()
    const refusal = check(offer, signer)
    if (refusal !== undefined) return refused(refusal)
    const before = offers.get(offer.peerId)?.offer.models
    if (!offers.put({ offer, from, nowMs, ...(sealed === undefined ? {} : { sealed }) }))
      return refused('full')
    announceHosts(offer, before)
    return { verdict: 'accept' }
  }

  function announceHosts(offer: Offer, before: Offer['models'] = []): void {
    if (listeners.size === 0) return
    const wasLoaded = new Map(before.map(({ model, loaded }) => [model, loaded]))
    for (const { model, loaded } of offer.models)
      if (!wasLoaded.has(model) || (loaded && !wasLoaded.get(model)))
        for (const listener of [...listeners]) listener(model, offer.peerId)
  }

  function putDemand(caller: string, demand: Demand): Acceptance {
    const refusal = checkDemand(demand, clock.now(), offerLimits)
    if (refusal !== undefined) return refused(refusal)
    return demands.put(caller, demand, clock.monotonicMs()) ? { verdict: 'accept' } : refused('full')
  }

  const admits = (from: string): boolean => intake.admit(from, clock.monotonicMs())

  const live = (entry: OfferEntry): boolean => entry.diesAtMs > clock.monotonicMs()

  return {
    async acceptOffer(bytes, from) {
      if (!admits(from) && !ownWord.admit(bytes, from, clock.monotonicMs())) return refused('flood')
      const opened = await openOffer(bytes, init.verifier, check)
      return 'refusal' in opened
        ? refused(opened.refusal)
        : put(opened.message, opened.signer, from, opened.sealed)
    },
    async acceptDemand(bytes, from) {
      if (!admits(from)) return refused('flood')
      const opened = await openDemand(bytes, init.verifier, demand =>
        checkDemand(demand, clock.now(), offerLimits),
      )
      return 'refusal' in opened ? refused(opened.refusal) : putDemand(opened.signer, opened.message)
    },
    putOffer: (offer, from = offer.peerId) => put(offer, offer.peerId, from),
    putDemand,
    peerSeen: peerId => offers.connect(peerId),
    isConnected: peerId => offers.isConnected(peerId),
    peerGone(peerId) {
      offers.disconnect(peerId)
      offers.drop(peerId, clock.monotonicMs())
    },
    peerUnreachable: peerId => void offers.drop(peerId, clock.monotonicMs()),
    offersFor: model =>
      [...offers.hosts(model).values()].filter(({ entry }) => live(entry)).map(({ entry }) => entry.offer),
    hosts: model => offers.hosts(model),
    offer(peerId) {
      const entry = offers.get(peerId)
      return entry !== undefined && live(entry) ? entry : undefined
    },
    entries: () => [...offers.entries()].filter(live),
    sealedOffers({ model, limit = LIMITS.offers, maxBytes = 2 ** 20 } = {}) {
      const entries =
        model === undefined
          ? [...offers.entries()]
          : [...offers.hosts(model).values()].map(host => host.entry)
      // A flood of strangers leaves room for those that are there: ourselves and who is connected.
      const [near, far] = partition(entries, ({ offer }) => offers.isConnected(offer.peerId))
      const sealed: Uint8Array[] = []
      let bytes = 0
      for (const entry of [...near, ...far]) {
        if (entry.sealed === undefined || !live(entry)) continue
        bytes += entry.sealed.byteLength
        if (sealed.length >= limit || bytes > maxBytes) break
        sealed.push(entry.sealed)
      }
      return sealed
    },
    model(model) {
      offers.expire(clock.monotonicMs())
      return viewModel(offers, model)
    },
    unmetDemand: () => demands.list(clock.monotonicMs()),
    snapshot() {
      const nowMs = clock.monotonicMs()
      offers.expire(nowMs)
      return viewMarket(offers, demands, nowMs)
    },
    onHost(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    get size() {
      return offers.size
    },
  }
}

function partition<T>(all: readonly T[], isFirst: (each: T) => boolean): [T[], T[]] {
  const parts: [T[], T[]] = [[], []]
  for (const each of all) parts[isFirst(each) ? 0 : 1].push(each)
  return parts
}

const refused = (refusal: NonNullable<Acceptance['refusal']>): Acceptance => ({
  verdict: BLAMELESS.has(refusal) ? 'ignore' : 'reject',
  refusal,
})

/** Refusals that do not speak against the neighbour that passed the message on. */
const BLAMELESS: ReadonlySet<string> = new Set(['stale', 'clock', 'flood', 'full'])
