import type { GossipSettings } from './settings.js'

interface Refused {
  count: number
  malformed: number
}

/** Peers that are remembered. */
const REMEMBERED = 4_096
/** Transactions of a peer that may be unreadable. */
const MALFORMED = 64

/** How much of what each peer offered was refused since the last block; a peer that comes again is no new one. */
export class Refusals {
  readonly #most: number
  readonly #byPeer = new Map<string, Refused>()

  constructor({ refusedTransactions }: Pick<GossipSettings, 'refusedTransactions'>) {
    this.#most = refusedTransactions
  }

  add(peerId: string, isMalformed: boolean): void {
    const refused = this.#byPeer.get(peerId) ?? { count: 0, malformed: 0 }
    refused.count++
    if (isMalformed) refused.malformed++
    this.#byPeer.set(peerId, refused)
    if (this.#byPeer.size > REMEMBERED) this.#byPeer.delete(this.#byPeer.keys().next().value as string)
  }

  /** Whether so many were refused that no more are read. */
  isSpent(peerId: string): boolean {
    return (this.#byPeer.get(peerId)?.count ?? 0) >= this.#most
  }

  /** Whether so many could not be read that it is no accident. */
  isHostile(peerId: string): boolean {
    return (this.#byPeer.get(peerId)?.malformed ?? 0) > MALFORMED
  }

  clear(): void {
    this.#byPeer.clear()
  }
}
