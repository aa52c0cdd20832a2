/** How the choice of a node weighs what it knows. */
export interface ChoiceSettings {
  /** Round trip assumed for a peer that was never measured. */
  unknownRttMs: number
  /** Bandwidth assumed towards a peer that was never measured. */
  unknownBytesPerMs: number
  /** Run time assumed where nobody says anything. */
  unknownServiceMs: number
  /** Time to start a session for a model that is not in memory, beside reading it. */
  coldStartMs: number
  /** Speed at which a cold model is read. */
  coldBytesPerMs: number
  /** Weight of one new observation in a moving average. */
  smoothing: number
  /** What we observed loses half its weight against claims in this time. */
  memoryHalfLifeMs: number
  /** What is known of a queue loses half its meaning in this time. */
  queueHalfLifeMs: number
  /** Penalties halve in this time. */
  penaltyHalfLifeMs: number
  /** Nodes within this factor of the best prediction count as equally good. */
  nearFactor: number
  /** … or within this many milliseconds. */
  nearMs: number
  /** Share of choices that go to a node never tried before, while its kind has credit. */
  explorationShare: number
  /** Trials that newcomers may have in advance. */
  newcomerCredit: number
  /** Trials that newcomers gain with every choice. */
  newcomerRefill: number
  /** Peers that observations are kept of. */
  maxPeers: number
  /** Models per peer that observations are kept of. */
  maxModelsPerPeer: number
}

export const DEFAULT_CHOICE_SETTINGS: ChoiceSettings = Object.freeze({
  unknownRttMs: 40,
  unknownBytesPerMs: 10_000,
  unknownServiceMs: 100,
  coldStartMs: 250,
  coldBytesPerMs: 300_000,
  smoothing: 0.25,
  memoryHalfLifeMs: 300_000,
  queueHalfLifeMs: 3_000,
  penaltyHalfLifeMs: 10_000,
  nearFactor: 1.25,
  nearMs: 1,
  explorationShare: 0.03,
  newcomerCredit: 8,
  newcomerRefill: 0.05,
  maxPeers: 4_096,
  maxModelsPerPeer: 64,
})
