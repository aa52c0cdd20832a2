import type { Clock } from '@neurovoyance/protocol'
import type { GossipSettings } from './settings.js'

interface Penalty {
  until: number
  count: number
}

/** Peers whose penalties are remembered. */
const REMEMBERED = 1_024

/** Who said what cannot be, and for how long nobody speaks to him. */
export class Penalties {
  readonly #clock: Clock
  readonly #settings: Pick<GossipSettings, 'penaltyMs' | 'maxPenaltyMs'>
  readonly #penalties = new Map<string, Penalty>()

  constructor(clock: Clock, settings: Pick<GossipSettings, 'penaltyMs' | 'maxPenaltyMs'>) {
    this.#clock = clock
    this.#settings = settings
  }

  /** How long a peer is still left alone, in milliseconds. */
  remainingMs(peerId: string): number {
    const penalty = this.#penalties.get(peerId)
    return penalty === undefined ? 0 : Math.max(0, penalty.until - this.#clock.monotonicMs())
  }

  /**
   * Longer each time; what comes out while a peer is left alone is of the same offence.
   *
   * @returns whether it is a new one
   */
  add(peerId: string): boolean {
    if (this.remainingMs(peerId) > 0) return false
    const { penaltyMs, maxPenaltyMs } = this.#settings
    const count = (this.#penalties.get(peerId)?.count ?? 0) + 1
    const lengthMs = Math.min(maxPenaltyMs, penaltyMs * 2 ** (count - 1))
    this.#penalties.delete(peerId)
    this.#penalties.set(peerId, { until: this.#clock.monotonicMs() + lengthMs, count })
    if (this.#penalties.size > REMEMBERED)
      this.#penalties.delete(this.#penalties.keys().next().value as string)
    return true
  }
}
