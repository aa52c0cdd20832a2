import type { Clock } from '@neurovoyance/protocol'
import { ledgerError } from '../errors.js'
import type { ChainCaller } from './network.js'

/** Answers that wait at once, for everyone and for one peer. */
const MOST_WAITS = 1_024
const MOST_OF_ONE = 64

/** Answers that wait for something on the chain: so many, and so long. */
export class Waits {
  readonly #clock: Clock
  readonly #counts = new Map<string, number>()
  #total = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * What `work` gives, or nothing where it takes longer than `withinMs`; its signal aborts then, and when the caller is
   * gone.
   *
   * @throws LedgerError `LEDGER_TOO_LARGE` where too many wait already
   */
  async wait<T>(
    { peerId, signal }: ChainCaller,
    withinMs: number,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T | undefined> {
    const count = this.#counts.get(peerId) ?? 0
    if (this.#total >= MOST_WAITS || count >= MOST_OF_ONE) {
      throw ledgerError('LEDGER_TOO_LARGE', 'too many answers wait here already: ask again later', {
        waiting: this.#total,
      })
    }
    this.#counts.set(peerId, count + 1)
    this.#total++
    const ending = new AbortController()
    const cancel = this.#clock.after(withinMs, () => ending.abort())
    try {
      return await work(AbortSignal.any([signal, ending.signal]))
    } catch (error) {
      if (ending.signal.aborted) return undefined
      throw error
    } finally {
      cancel()
      this.#total--
      const left = this.#counts.get(peerId)! - 1
      if (left === 0) this.#counts.delete(peerId)
      else this.#counts.set(peerId, left)
    }
  }
}
