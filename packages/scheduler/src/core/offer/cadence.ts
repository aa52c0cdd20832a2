/** How often offers are made. */
export interface Cadence {
  /** Time between a node's offers in a small network. */
  everyMs: number
  /** Offers a second that the whole network may make: everybody hears, and checks, all of them. */
  networkOffersPerSecond: number
}

export const DEFAULT_CADENCE: Cadence = Object.freeze({ everyMs: 3_000, networkOffersPerSecond: 400 })

/** An offer outlives its interval this many times, so that one lost message does not hide a node. */
const LIFETIME_INTERVALS = 2.7

/** The longest interval, however large the network: offers live two minutes at most. */
const MAX_EVERY_MS = 40_000

/** Time until a node's next offer: as the network grows, everybody speaks more rarely. */
export function announceEveryMs(networkSize: number, cadence: Cadence = DEFAULT_CADENCE): number {
  return Math.min(
    MAX_EVERY_MS,
    Math.max(cadence.everyMs, (networkSize * 1000) / cadence.networkOffersPerSecond),
  )
}

/** How long an offer lives that is renewed every `everyMs`. */
export const offerLifetimeMs = (everyMs: number): number => Math.ceil(everyMs * LIFETIME_INTERVALS)
