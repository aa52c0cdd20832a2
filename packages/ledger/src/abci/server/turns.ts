/** Lets one request of all connections at a time be answered: those that come meanwhile wait, in their order. */
export class Turns {
  #last: Promise<unknown> | undefined

  /** Does `work` when it is its turn; at once where nobody is before it. */
  take<Result>(work: () => Result | Promise<Result>): Result | Promise<Result> {
    if (this.#last !== undefined) return this.#after(this.#last, work)
    const result = work()
    return result instanceof Promise ? this.#mark(result) : result
  }

  #after<Result>(last: Promise<unknown>, work: () => Result | Promise<Result>): Promise<Result> {
    return this.#mark(last.then(work))
  }

  #mark<Result>(result: Promise<Result>): Promise<Result> {
    const settled: Promise<void> = result.then(nothing, nothing).then(() => {
      if (this.#last === settled) this.#last = undefined
    })
    this.#last = settled
    return result
  }
}

const nothing = (): void => {}
