import type { Clock } from '@neurovoyance/protocol'
import { ledgerError } from '../../errors.js'
import { Pace } from '../gossip/pace.js'
import type { ChainCaller } from '../network.js'
import { pause } from '../pause.js'

/** Peers that are remembered. */
const MOST_PEERS = 1_024
/** Who would have to wait longer is refused. */
const MOST_DELAY_MS = 4_000

/** What the answers to one peer may cost in a second: beyond it, they come later. */
export class Allowances {
  readonly #clock: Clock
  readonly #perSecond: number
  readonly #paces = new Map<string, Pace>()

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock
    this.#perSecond = perSecond
  }

  /**
   * Resolves when the peer may have an answer of this cost.
   *
   * @throws LedgerError `LEDGER_BUSY` where it asked for far too much already
   */
  async take({ peerId, signal }: ChainCaller, cost: number): Promise<void> {
    const pace = this.#paceOf(peerId)
    const waitMs = pace.use(cost)
    if (waitMs > MOST_DELAY_MS) {
      pace.use(-cost)
      throw ledgerError(
        'LEDGER_BUSY',
        'you ask this node for more than it answers one peer: ask again later',
        {
          waitMs: Math.ceil(waitMs),
        },
      )
    }
    if (waitMs > 0) await pause(this.#clock, waitMs, signal)
    signal.throwIfAborted()
  }

  /** Adds what an answer turned out to cost: the peer's next ones wait for it. */
  charge({ peerId }: ChainCaller, cost: number): void {
    this.#paceOf(peerId).use(cost)
  }

  #paceOf(peerId: string): Pace {
    const pace = this.#paces.get(peerId) ?? new Pace(this.#clock, this.#perSecond)
    // in the order in which they asked last: the first is forgotten
    this.#paces.delete(peerId)
    this.#paces.set(peerId, pace)
    if (this.#paces.size > MOST_PEERS) this.#paces.delete(this.#paces.keys().next().value as string)
    return pace
  }
}
