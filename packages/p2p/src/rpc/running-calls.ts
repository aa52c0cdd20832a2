import { P2pError } from '../errors.js'
import type { Penalty } from './conduct.js'
import type { Endpoint } from './endpoint.js'

/** A call that is not taken now, and how that counts against its peer. */
export interface Refusal {
  penalty: Penalty
  error: P2pError
}

/** The calls of one peer that run here, over all its streams. */
export interface CallsOfPeer {
  /** Counts one call more, or says why that is one too many. */
  begin(): Refusal | undefined
  /** One of the calls is over. */
  end(): void
  /** A stream of the peer is gone. */
  leave(): void
}

/** Counts the calls that each peer has running here. */
export class RunningCalls {
  readonly #endpoint: Endpoint
  readonly #byPeer = new Map<string, Tally>()

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint
  }

  /** The count of a peer, for a new stream of it; kept until the last of its streams has left. */
  join(peerId: string): CallsOfPeer {
    let tally = this.#byPeer.get(peerId)
    if (tally === undefined) {
      tally = new Tally(this.#endpoint, peerId, () => this.#byPeer.delete(peerId))
      this.#byPeer.set(peerId, tally)
    }
    tally.streams++
    return tally
  }
}

class Tally implements CallsOfPeer {
  streams = 0
  #running = 0
  readonly #endpoint: Endpoint
  readonly #peerId: string
  readonly #onEmpty: () => void

  constructor(endpoint: Endpoint, peerId: string, onEmpty: () => void) {
    this.#endpoint = endpoint
    this.#peerId = peerId
    this.#onEmpty = onEmpty
  }

  begin(): Refusal | undefined {
    const { limits, conduct, counters } = this.#endpoint
    if (!conduct.mayCall(this.#peerId)) {
      return { penalty: 'tooManyMessages', error: this.#refused('callsPerSecondPerPeer') }
    }
    if (this.#running >= limits.concurrentCallsPerPeer) {
      return { penalty: 'tooManyCalls', error: this.#refused('concurrentCallsPerPeer') }
    }
    this.#running++
    counters.callsRunning++
    return undefined
  }

  end(): void {
    this.#endpoint.counters.callsRunning--
    this.#running--
    this.#forget()
  }

  leave(): void {
    this.streams--
    this.#forget()
  }

  /** Calls may outlive the stream that brought them. */
  #forget(): void {
    if (this.streams === 0 && this.#running === 0) this.#onEmpty()
  }

  #refused(limit: 'callsPerSecondPerPeer' | 'concurrentCallsPerPeer'): P2pError {
    const max = this.#endpoint.limits[limit]
    const each = limit === 'callsPerSecondPerPeer' ? 'a second' : 'at once'
    return new P2pError('P2P_LIMIT_EXCEEDED', `This peer takes at most ${max} calls ${each}: call less.`, {
      details: { limit, max, retry: true },
    })
  }
}
