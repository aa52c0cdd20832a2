import { addWork, NO_WORK, scaleWork, type Work } from './work.js'

/** What all calls of one operator take. */
export interface OperatorTally {
  readonly domain: string
  readonly operator: string
  readonly work: Work
}

/** What a body takes, operator by operator. */
export class Tally {
  readonly #operators = new Map<string, OperatorTally>()

  /** Adds work of an operator. */
  add(domain: string, operator: string, work: Work): void {
    const key = `${domain}.${operator}`
    const known = this.#operators.get(key)
    const sum = known === undefined ? work : addWork(known.work, work)
    this.#operators.set(key, { domain, operator, work: sum })
  }

  /** Adds all of another tally, so many times over. */
  addAll(other: Tally, times: bigint): void {
    for (const { domain, operator, work } of other.operators()) {
      this.add(domain, operator, scaleWork(work, times))
    }
  }

  operators(): Iterable<OperatorTally> {
    return this.#operators.values()
  }

  /** What all operators take together. */
  total(): Work {
    let total = NO_WORK
    for (const { work } of this.#operators.values()) total = addWork(total, work)
    return total
  }
}
