import { type Clock, type Random, type Signer, systemClock, systemRandom } from '@neurovoyance/protocol'
import { announceEveryMs, type Cadence, DEFAULT_CADENCE, offerLifetimeMs } from '../core/offer/cadence.js'
import type { Offer } from '../core/offer/offer.js'
import { settle, settleFrom } from '../settings.js'
import { sealOffer } from './sealed.js'

/** What a node says of itself; the announcer adds who, when and until when. */
export type OfferContent = Omit<Offer, 'peerId' | 'sequence' | 'issuedAtMs' | 'expiresAtMs'>

/** What an announcer is made of. */
export interface AnnouncerInit {
  signer: Signer
  /** The node as it is now. */
  describe(): OfferContent
  /** Spreads the sealed offer: publish it on the offers topic, and put it into our own market. */
  publish(sealed: Uint8Array, offer: Offer): Promise<void> | void
  /** Nodes in the market, so that announcements grow rarer as the network grows; 0 when left out. */
  networkSize?(): number
  clock?: Clock
  random?: Random
  /** How often to announce; every 3 s in a small network when left out. */
  cadence?: Partial<Cadence>
  /** A change is announced no sooner than this after the last announcement; 500 ms when left out. */
  dampMs?: number
  /** Told of a publication that failed; the next one is made in time all the same. */
  onError?(error: unknown): void
}

/** Announces a node's offer as long as it lives. */
export interface Announcer {
  /** Something changed (a model came or went): announce soon, once for many changes. */
  changed(): void
  /** Stops, after a last offer without models that takes the node off everybody's market. */
  close(): Promise<void>
}

const DEFAULTS = Object.freeze({ dampMs: 500 })

/** Starts to announce at once. */
export function createAnnouncer(init: AnnouncerInit): Announcer {
  const { signer, clock = systemClock, random = systemRandom } = init
  const { dampMs } = settleFrom('announcer', DEFAULTS, init)
  const cadence = settle('cadence', DEFAULT_CADENCE, init.cadence)
  let sequence = 0
  let announcedAtMs = Number.NEGATIVE_INFINITY
  let dueAtMs = Number.POSITIVE_INFINITY
  let stopTimer: (() => void) | undefined
  let closed = false

  async function announce(content: OfferContent, lifetimeMs: number): Promise<void> {
    const issuedAtMs = Math.round(clock.now())
    sequence = Math.max(sequence + 1, issuedAtMs)
    const expiresAtMs = issuedAtMs + lifetimeMs
    const offer: Offer = { ...content, peerId: signer.peerId, sequence, issuedAtMs, expiresAtMs }
    try {
      await init.publish(await sealOffer(offer, signer), offer)
    } catch (error) {
      init.onError?.(error)
    }
  }

  function schedule(delayMs: number): void {
    const atMs = clock.monotonicMs() + delayMs
    if (closed || atMs >= dueAtMs) return
    stopTimer?.()
    dueAtMs = atMs
    stopTimer = clock.after(delayMs, () => {
      dueAtMs = Number.POSITIVE_INFINITY
      announcedAtMs = clock.monotonicMs()
      const nextMs = announceEveryMs(init.networkSize?.() ?? 0, cadence)
      void announce(init.describe(), offerLifetimeMs(nextMs))
      schedule(nextMs * (0.8 + 0.4 * random.float()))
    })
  }

  schedule(0)
  return {
    changed: () => schedule(Math.max(0, announcedAtMs + dampMs - clock.monotonicMs())),
    async close() {
      if (closed) return
      closed = true
      stopTimer?.()
      await announce({ ...init.describe(), models: [] }, 1_000)
    },
  }
}
