import { chainError } from '../errors.js'

interface Waiter<Value> {
  resolve(value: Value): void
  reject(error: unknown): void
}

/** Those who wait for something by name. */
export class Waiters<Value> {
  readonly #waiting = new Map<string, Set<Waiter<Value>>>()
  #isClosed = false

  /** Resolves when somebody tells of `name`. */
  wait(name: string, signal?: AbortSignal): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      if (this.#isClosed) return reject(closed())
      const waiters = this.#waiting.get(name) ?? new Set()
      const done = (): void => {
        waiters.delete(waiter)
        if (waiters.size === 0 && this.#waiting.get(name) === waiters) this.#waiting.delete(name)
        signal?.removeEventListener('abort', onAbort)
      }
      const waiter: Waiter<Value> = {
        resolve(value) {
          done()
          resolve(value)
        },
        reject(error) {
          done()
          reject(error)
        },
      }
      const onAbort = (): void => waiter.reject(signal?.reason)
      signal?.addEventListener('abort', onAbort)
      waiters.add(waiter)
      this.#waiting.set(name, waiters)
    })
  }

  /** What is waited for. */
  names(): string[] {
    return [...this.#waiting.keys()]
  }

  /** Whether anybody waits. */
  get isEmpty(): boolean {
    return this.#waiting.size === 0
  }

  tell(name: string, value: Value): void {
    for (const waiter of [...(this.#waiting.get(name) ?? [])]) waiter.resolve(value)
  }

  /** What they wait for will not be. */
  fail(name: string, error: unknown): void {
    for (const waiter of [...(this.#waiting.get(name) ?? [])]) waiter.reject(error)
  }

  /** Nothing will be told any more. */
  close(): void {
    this.#isClosed = true
    for (const waiters of [...this.#waiting.values()])
      for (const waiter of [...waiters]) waiter.reject(closed())
  }
}

const closed = () => chainError('LEDGER_CHAIN_CLOSED', 'the chain was closed while this waited for a block')
