import type { Block } from './partial.js'

/** A block is asked of a second peer when the first has not sent it for this long. */
const PATIENCE_MS = 1000

interface Asked {
  peers: Set<string>
  sinceMs: number
}

/** Which blocks are wanted, which are asked for, and of whom: pure bookkeeping of a download. */
export class BlockQueue {
  readonly #wanted: readonly Block[]
  #front = 0
  /** Given back: asked again before the rest. */
  readonly #again: Block[] = []
  readonly #asked = new Map<Block, Asked>()
  #missing: number

  /** @param wanted - asked for in this order */
  constructor(wanted: readonly Block[]) {
    this.#wanted = wanted
    this.#missing = wanted.length
  }

  /** Blocks that have not arrived. */
  get missing(): number {
    return this.#missing
  }

  /**
   * The next block to ask `peerId` for.
   *
   * Where none is left over, one that another peer should have sent by now: the last blocks do not wait for the
   * slowest provider. A block is asked of two peers at most.
   */
  take(peerId: string, nowMs: number): Block | undefined {
    const again = this.#again.pop()
    if (again !== undefined) return this.#ask(again, peerId, nowMs)
    const fresh = this.#wanted[this.#front]
    if (fresh !== undefined) {
      this.#front++
      return this.#ask(fresh, peerId, nowMs)
    }
    for (const [block, { peers, sinceMs }] of this.#asked) {
      if (peers.size === 1 && !peers.has(peerId) && nowMs - sinceMs >= PATIENCE_MS) {
        return this.#ask(block, peerId, nowMs)
      }
    }
    return undefined
  }

  /** A block arrived and is verified; false where it had arrived before. */
  arrived(block: Block): boolean {
    if (!this.#asked.delete(block)) return false
    this.#missing--
    return true
  }

  /** A peer will not send a block; it is asked for again unless it has arrived or another peer is on it. */
  giveBack(block: Block, peerId: string): void {
    const asked = this.#asked.get(block)
    if (asked === undefined || !asked.peers.delete(peerId) || asked.peers.size > 0) return
    this.#asked.delete(block)
    this.#again.push(block)
  }

  #ask(block: Block, peerId: string, nowMs: number): Block {
    const asked = this.#asked.get(block)
    if (asked === undefined) this.#asked.set(block, { peers: new Set([peerId]), sinceMs: nowMs })
    else asked.peers.add(peerId)
    return block
  }
}
