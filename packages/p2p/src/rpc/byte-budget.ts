import { P2pError } from '../errors.js'

/** Messages below this are not counted: many small ones are bounded by the limits on streams and calls. */
const SMALL_BYTES = 64 * 1024

/** Bytes of large messages that are held at once, in all and for each peer. */
export class ByteBudget {
  readonly #totalBytes: number
  readonly #perPeerBytes: number
  readonly #heldByPeer = new Map<string, number>()
  #held = 0

  constructor(totalBytes: number, perPeerBytes: number) {
    this.#totalBytes = totalBytes
    this.#perPeerBytes = perPeerBytes
  }

  get heldBytes(): number {
    return this.#held
  }

  /**
   * Takes `bytes` for a message of `peerId`; returns what to give back later.
   *
   * @throws P2pError `P2P_LIMIT_EXCEEDED` where they are not free.
   */
  take(peerId: string, bytes: number): number {
    if (bytes < SMALL_BYTES) return 0
    const ofPeer = (this.#heldByPeer.get(peerId) ?? 0) + bytes
    if (ofPeer > this.#perPeerBytes || this.#held + bytes > this.#totalBytes) {
      throw new P2pError(
        'P2P_LIMIT_EXCEEDED',
        `A message of ${bytes} bytes does not fit beside what is in flight now: try again when some is done.`,
        { details: { limit: 'inFlightBytes', bytes, heldBytes: this.#held, retry: true } },
      )
    }
    this.#held += bytes
    this.#heldByPeer.set(peerId, ofPeer)
    return bytes
  }

  /** Gives back what `take` returned. */
  release(peerId: string, bytes: number): void {
    if (bytes === 0) return
    this.#held -= bytes
    const left = (this.#heldByPeer.get(peerId) ?? 0) - bytes
    if (left > 0) this.#heldByPeer.set(peerId, left)
    else this.#heldByPeer.delete(peerId)
  }
}
