import type { ReceivedMessage } from '@neurovoyance/protocol'

/** What fills a queue and what it tells. */
export interface MessageQueueInit {
  maxMessages: number
  maxBytes: number
  /** The queue is full (true) or has room again (false). */
  onFull(full: boolean): void
  /** A message has left the queue, or will never be read. */
  onTaken(heldBytes: number): void
  /** The reader left before the end. */
  onReturn(): void
}

interface Queued<T> {
  message: ReceivedMessage<T>
  bytes: number
  heldBytes: number
}

/** Messages of a both-way stream between the wire and their one reader, who slows the sender down. */
export class MessageQueue<T> implements AsyncIterableIterator<ReceivedMessage<T>> {
  readonly #init: MessageQueueInit
  #queued: Queued<T>[] = []
  #bytes = 0
  #lastHeld = 0
  #full = false
  #ended = false
  #error: Error | undefined
  #reader:
    | { resolve(result: IteratorResult<ReceivedMessage<T>>): void; reject(error: Error): void }
    | undefined

  constructor(init: MessageQueueInit) {
    this.#init = init
  }

  push(message: ReceivedMessage<T>, bytes: number, heldBytes: number): void {
    if (this.#ended) {
      this.#init.onTaken(heldBytes)
      return
    }
    if (this.#reader !== undefined) {
      const reader = this.#reader
      this.#reader = undefined
      this.#lastHeld = heldBytes
      reader.resolve({ done: false, value: message })
      return
    }
    this.#queued.push({ message, bytes, heldBytes })
    this.#bytes += bytes
    this.#tellFull()
  }

  /** No more messages; with an error, the reader gets it after what is queued. */
  end(error?: Error): void {
    if (this.#ended) return
    this.#ended = true
    this.#error = error
    const reader = this.#reader
    this.#reader = undefined
    if (reader === undefined) return
    this.#releaseLast()
    if (error === undefined) reader.resolve({ done: true, value: undefined })
    else reader.reject(this.#takeError() as Error)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<ReceivedMessage<T>>> {
    this.#releaseLast()
    const first = this.#queued.shift()
    if (first !== undefined) {
      this.#bytes -= first.bytes
      this.#lastHeld = first.heldBytes
      this.#tellFull()
      return Promise.resolve({ done: false, value: first.message })
    }
    const error = this.#takeError()
    if (error !== undefined) return Promise.reject(error)
    if (this.#ended) return Promise.resolve({ done: true, value: undefined })
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject }
    })
  }

  return(): Promise<IteratorResult<ReceivedMessage<T>>> {
    const early = !this.#ended || this.#queued.length > 0
    this.drop()
    if (early) this.#init.onReturn()
    return Promise.resolve({ done: true, value: undefined })
  }

  /** Lets go of everything that is queued; nobody will read it. */
  drop(): void {
    this.#releaseLast()
    for (const { heldBytes } of this.#queued) this.#init.onTaken(heldBytes)
    this.#queued = []
    this.#bytes = 0
    this.#ended = true
    this.#reader?.resolve({ done: true, value: undefined })
    this.#reader = undefined
  }

  #takeError(): Error | undefined {
    const error = this.#error
    this.#error = undefined
    return error
  }

  #releaseLast(): void {
    if (this.#lastHeld > 0) this.#init.onTaken(this.#lastHeld)
    this.#lastHeld = 0
  }

  #tellFull(): void {
    const full = this.#queued.length >= this.#init.maxMessages || this.#bytes >= this.#init.maxBytes
    if (full === this.#full) return
    this.#full = full
    this.#init.onFull(full)
  }
}
