import type { Clock } from '@neurovoyance/protocol'
import type { ChainCaller } from '../network.js'

/** The longest time that an answer waits for something on the chain, whatever the caller wishes. */
export const MOST_WAIT_MS = 30_000

/** How much may wait at once, of everybody and of one peer, in whatever unit its waits are counted. */
export interface WaitRoom {
  readonly most: number
  readonly mostOfOne: number
}

interface Waiting {
  readonly size: number
  readonly ending: AbortController
}

/** One peer's waits, the oldest first. */
interface Group {
  size: number
  readonly waits: Set<Waiting>
}

/**
 * Answers of one kind that wait for something on the chain: so many, and so long. Nobody is refused: where there is no
 * room left, the oldest wait of the peer that takes most of it ends early. So those who take much make room for those
 * who take little, and for each other.
 */
export class Waits {
  readonly #clock: Clock
  readonly #room: WaitRoom
  readonly #groups = new Map<string, Group>()
  #size = 0

  constructor(clock: Clock, room: WaitRoom) {
    this.#clock = clock
    this.#room = room
  }

  /**
   * What `work` gives, or nothing where it takes longer than `withinMs`, or somebody else needs the room; its signal
   * aborts then, and when the caller is gone.
   *
   * @param size how much of the room it takes
   */
  async wait<T>(
    { peerId, signal }: ChainCaller,
    withinMs: number,
    work: (signal: AbortSignal) => Promise<T>,
    size = 1,
  ): Promise<T | undefined> {
    const ending = new AbortController()
    const waiting: Waiting = { size, ending }
    this.#makeRoom(peerId, size)
    this.#add(peerId, waiting)
    const cancel = this.#clock.after(withinMs, () => ending.abort())
    try {
      return await work(AbortSignal.any([signal, ending.signal]))
    } catch (error) {
      if (ending.signal.aborted) return undefined
      throw error
    } finally {
      cancel()
      this.#remove(peerId, waiting)
    }
  }

  #makeRoom(peerId: string, size: number): void {
    const { most, mostOfOne } = this.#room
    for (let own = this.#groups.get(peerId); own !== undefined && own.size + size > mostOfOne; ) {
      this.#endOldest(peerId, own)
      own = this.#groups.get(peerId)
    }
    while (this.#size > 0 && this.#size + size > most) this.#endOldest(...this.#heaviest())
  }

  #heaviest(): [string, Group] {
    const [first, ...others] = this.#groups
    return others.reduce((heaviest, group) => (group[1].size > heaviest[1].size ? group : heaviest), first!)
  }

  #endOldest(peerId: string, { waits }: Group): void {
    const [oldest] = waits
    this.#remove(peerId, oldest!)
    oldest!.ending.abort()
  }

  #add(peerId: string, waiting: Waiting): void {
    const group = this.#groups.get(peerId) ?? { size: 0, waits: new Set() }
    this.#groups.set(peerId, group)
    group.waits.add(waiting)
    group.size += waiting.size
    this.#size += waiting.size
  }

  #remove(peerId: string, waiting: Waiting): void {
    const group = this.#groups.get(peerId)
    if (group?.waits.delete(waiting) !== true) return
    group.size -= waiting.size
    this.#size -= waiting.size
    if (group.waits.size === 0) this.#groups.delete(peerId)
  }
}
