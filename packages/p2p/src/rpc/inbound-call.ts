import type { NeurovoyanceError } from '@neurovoyance/protocol'
import type { Deadline, Deadlines } from './deadlines.js'
import type { CallContext } from './types.js'

/** One call of a peer while it runs here: its deadline, and a signal that is made only when someone asks for it. */
export class InboundCall implements CallContext {
  readonly peerId: string
  readonly trace: string | undefined
  readonly #deadlines: Deadlines
  readonly #deadline: Deadline | undefined
  #controller: AbortController | undefined
  #aborted: NeurovoyanceError | undefined

  constructor(peerId: string, trace: string, timeoutMs: number, deadlines: Deadlines, onExpire: () => void) {
    this.peerId = peerId
    this.trace = trace === '' ? undefined : trace
    this.#deadlines = deadlines
    this.#deadline = timeoutMs > 0 ? deadlines.add(timeoutMs, onExpire) : undefined
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#aborted !== undefined) this.#controller.abort(this.#aborted)
    }
    return this.#controller.signal
  }

  /** A function of its own, made when someone asks for it, so that handlers can take it apart from the context. */
  get remainingMs(): () => number {
    return () => {
      if (this.#deadline === undefined) return Number.POSITIVE_INFINITY
      return Math.max(0, this.#deadline.atMs - this.#deadlines.nowMs())
    }
  }

  /** The caller is gone or out of time. */
  abort(error: NeurovoyanceError): void {
    this.#deadline?.cancel()
    if (this.#aborted !== undefined) return
    this.#aborted = error
    this.#controller?.abort(error)
  }

  /** The call is answered. */
  finish(): void {
    this.#deadline?.cancel()
  }
}
