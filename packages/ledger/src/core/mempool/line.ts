import type { OpenTransaction } from '../machine/transaction.js'

/** A transaction that waits. */
export interface Waiting {
  readonly transaction: OpenTransaction
  /** As it travels. */
  readonly bytes: Uint8Array
  /** With its actions. */
  readonly weight: number
}

/** The transactions of one account that wait, by nonce. */
export class Line {
  readonly #byNonce = new Map<number, Waiting>()

  get isEmpty(): boolean {
    return this.#byNonce.size === 0
  }

  at(nonce: number): Waiting | undefined {
    return this.#byNonce.get(nonce)
  }

  put(waiting: Waiting): void {
    this.#byNonce.set(waiting.transaction.body.nonce, waiting)
  }

  remove(nonce: number): void {
    this.#byNonce.delete(nonce)
  }

  all(): Waiting[] {
    return [...this.#byNonce.values()]
  }

  /** The one that is furthest ahead. */
  last(): Waiting | undefined {
    return this.#byNonce.get(Math.max(...this.#byNonce.keys()))
  }

  /** Those that can happen one after the other, from a nonce on. */
  *from(nonce: number): Generator<Waiting> {
    for (let next = nonce; ; next++) {
      const waiting = this.#byNonce.get(next)
      if (waiting === undefined) return
      yield waiting
    }
  }
}
