/** The fewest transactions that a block is cut down to. */
const LEAST = 64
/** What a node begins with. */
const FIRST = 2_048
/** A block may grow by this share after one that was decided at once. */
const GROWTH = 1.25

/**
 * How many transactions go into a block: as many as all validators can check in time. A height that needed more
 * rounds says that they were too many here; each block that is decided in its first round says that more may do.
 */
export class BlockPace {
  readonly #most: number
  #now: number

  constructor(most: number) {
    this.#most = most
    this.#now = Math.min(most, FIRST)
  }

  /** For a proposal of this round. */
  transactions(round: number): number {
    return Math.max(Math.min(LEAST, this.#most), Math.floor(this.#now / 2 ** Math.min(round, 20)))
  }

  /** A block with so many transactions was decided in this round. */
  note(round: number, transactions: number): void {
    if (round > 0) this.#now = Math.max(LEAST, Math.floor(this.#now / 2))
    else if (transactions >= this.#now / 2) this.#now = Math.min(this.#most, Math.ceil(this.#now * GROWTH))
  }
}
