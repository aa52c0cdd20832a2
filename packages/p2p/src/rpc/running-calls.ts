import { P2pError } from '../errors.js'
import type { Penalty } from './conduct.js'
import type { Endpoint } from './endpoint.js'

/** A call that is not taken now, and how that counts against its peer. */
export interface Refusal {
  penalty: Penalty
  error: P2pError
}

/** Counts the calls that each peer has running here, over all its streams. */
export class RunningCalls {
  readonly #endpoint: Endpoint
  readonly #byPeer = new Map<string, number>()

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint
  }

  /** Counts one call more, or says why that is one too many. */
  begin(peerId: string): Refusal | undefined {
    const { limits, conduct, counters } = this.#endpoint
    if (!conduct.mayCall(peerId)) {
      return { penalty: 'tooManyMessages', error: this.#refused('callsPerSecondPerPeer') }
    }
    const running = this.#byPeer.get(peerId) ?? 0
    if (running >= limits.concurrentCallsPerPeer) {
      return { penalty: 'tooManyCalls', error: this.#refused('concurrentCallsPerPeer') }
    }
    this.#byPeer.set(peerId, running + 1)
    counters.callsRunning++
    return undefined
  }

  /** One of the peer's calls is over. */
  end(peerId: string): void {
    this.#endpoint.counters.callsRunning--
    const running = (this.#byPeer.get(peerId) ?? 1) - 1
    if (running > 0) this.#byPeer.set(peerId, running)
    else this.#byPeer.delete(peerId)
  }

  #refused(limit: 'callsPerSecondPerPeer' | 'concurrentCallsPerPeer'): P2pError {
    const max = this.#endpoint.limits[limit]
    const each = limit === 'callsPerSecondPerPeer' ? 'a second' : 'at once'
    return new P2pError('P2P_LIMIT_EXCEEDED', `This peer takes at most ${max} calls ${each}: call less.`, {
      details: { limit, max, retry: true },
    })
  }
}
