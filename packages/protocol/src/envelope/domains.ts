/** What peers sign, one domain for each kind of payload. */
export const DOMAINS = {
  /** An `Offer`. */
  offer: 'neurovoyance/offer/1',
  /** A `Demand`. */
  demand: 'neurovoyance/demand/1',
} as const

/** What peers gossip. */
export const TOPICS = {
  /** Envelopes of domain `DOMAINS.offer`. */
  offers: '/neurovoyance/offers/1.0.0',
  /** Envelopes of domain `DOMAINS.demand`. */
  demand: '/neurovoyance/demand/1.0.0',
} as const
