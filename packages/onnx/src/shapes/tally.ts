import { addWork, scaleWork, type Work } from './work.js'

/** What all calls of one operator take. */
export interface OperatorTally {
  readonly domain: string
  readonly operator: string
  readonly calls: bigint
  readonly work: Work
}

/** What a body takes, operator by operator. */
export class Tally {
  readonly #operators = new Map<string, OperatorTally>()

  /** Adds calls of an operator. */
  add(domain: string, operator: string, calls: bigint, work: Work): void {
    const key = `${domain}.${operator}`
    const known = this.#operators.get(key)
    this.#operators.set(key, {
      domain,
      operator,
      calls: calls + (known?.calls ?? 0n),
      work: known === undefined ? work : addWork(known.work, work),
    })
  }

  /** Adds all of another tally, so many times over. */
  addAll(other: Tally, times: bigint): void {
    for (const { domain, operator, calls, work } of other.operators()) {
      this.add(domain, operator, calls * times, scaleWork(work, times))
    }
  }

  operators(): Iterable<OperatorTally> {
    return this.#operators.values()
  }

  /** What all operators take together. */
  total(): Work {
    let total: Work = { macs: 0n, operations: 0n, bytes: 0n }
    for (const { work } of this.#operators.values()) total = addWork(total, work)
    return total
  }
}
