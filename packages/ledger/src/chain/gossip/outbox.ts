import type { ChainGossip, ChainHello, ConsensusSummary, Message as RpcMessage } from '@neurovoyance/protocol'
import { LIMITS } from '@neurovoyance/protocol'
import type { Message } from '../../consensus/core/message.js'
import { wireMessage } from '../../consensus/wire/message.js'
import type { NodeHead } from './ports.js'
import type { GossipSettings } from './settings.js'

type OutboxLimits = Pick<GossipSettings, 'waitingMessages' | 'waitingParts' | 'waitingTransactionBytes'>

/** Bytes of transactions that leave together: a vote does not wait for more than that. */
const BATCH_BYTES = 256 * 1024

/**
 * What waits for one peer, most urgent first: what is said of oneself, consensus, parts of blocks, transactions.
 * Of what replaces itself only the newest waits. Bounded: what does not fit is dropped, and summaries bring it again.
 */
export class Outbox implements AsyncIterable<RpcMessage<ChainGossip>> {
  readonly #limits: OutboxLimits
  #hello: ChainHello | undefined
  #head: NodeHead | undefined
  #sources: readonly string[] | undefined
  #summary: ConsensusSummary | undefined
  #messages: Message[] = []
  #parts: Message[] = []
  #transactions: Uint8Array[] = []
  #transactionBytes = 0
  #wake: (() => void) | undefined
  #isClosed = false

  constructor(hello: ChainHello, limits: OutboxLimits) {
    this.#hello = hello
    this.#limits = limits
  }

  /** How much of consensus waits. */
  get waiting(): number {
    return this.#messages.length + this.#parts.length
  }

  head(head: NodeHead): void {
    this.#head = head
    this.#notify()
  }

  sources(peers: readonly string[]): void {
    this.#sources = peers.slice(0, LIMITS.chainSources)
    this.#notify()
  }

  summary(summary: ConsensusSummary): void {
    this.#summary = summary
    this.#notify()
  }

  /** A full box lets old votes go for new ones, and new parts for old ones: those are of the block that is on its way. */
  message(message: Message): void {
    const { waitingMessages, waitingParts } = this.#limits
    if (message.type === 'part') {
      if (this.#parts.length >= waitingParts) return
      this.#parts.push(message)
    } else {
      if (this.#messages.length >= waitingMessages) this.#messages.shift()
      this.#messages.push(message)
    }
    this.#notify()
  }

  transaction(bytes: Uint8Array): void {
    if (this.#transactionBytes + bytes.length > this.#limits.waitingTransactionBytes) return
    this.#transactionBytes += bytes.length
    this.#transactions.push(bytes)
    this.#notify()
  }

  /** Forgets messages of heights that are over. */
  forgetBelow(height: number): void {
    const isOver = (message: Message): boolean => heightOf(message) < height
    if (this.#messages.some(isOver)) this.#messages = this.#messages.filter(message => !isOver(message))
    if (this.#parts.some(isOver)) this.#parts = this.#parts.filter(message => !isOver(message))
  }

  close(): void {
    this.#isClosed = true
    this.#messages = []
    this.#parts = []
    this.#transactions = []
    this.#notify()
  }

  /** The next thing to say; nothing where nothing waits. */
  take(): ChainGossip | undefined {
    const own = this.#takeOwn()
    if (own !== undefined) return own
    const message = this.#messages.shift() ?? this.#parts.shift()
    if (message !== undefined) return { message: wireMessage(message) }
    if (this.#transactions.length === 0) return undefined
    return { transactions: { transactions: this.#takeTransactions() } }
  }

  [Symbol.asyncIterator](): AsyncIterator<RpcMessage<ChainGossip>> {
    return {
      next: async () => {
        for (;;) {
          if (this.#isClosed) return { done: true, value: undefined }
          const body = this.take()
          if (body !== undefined) return { done: false, value: { body } }
          await new Promise<void>(resolve => {
            this.#wake = resolve
          })
        }
      },
      return: async () => {
        this.close()
        return { done: true, value: undefined }
      },
    }
  }

  #notify(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }

  #takeOwn(): ChainGossip | undefined {
    const hello = this.#hello
    this.#hello = undefined
    if (hello !== undefined) return { hello }
    const head = this.#head
    this.#head = undefined
    if (head !== undefined) return { head }
    const peers = this.#sources
    this.#sources = undefined
    if (peers !== undefined) return { sources: { peers: [...peers] } }
    const summary = this.#summary
    this.#summary = undefined
    return summary && { summary }
  }

  #takeTransactions(): Uint8Array[] {
    let bytes = 0
    let count = 0
    for (const transaction of this.#transactions) {
      if (count === LIMITS.gossipTransactions || (count > 0 && bytes + transaction.length > BATCH_BYTES))
        break
      bytes += transaction.length
      count++
    }
    this.#transactionBytes -= bytes
    return this.#transactions.splice(0, count)
  }
}

/** The height that a message is about. */
export function heightOf(message: Message): number {
  switch (message.type) {
    case 'vote':
      return message.vote.height
    case 'proposal':
      return message.proposal.height
    case 'part':
      return message.part.height
    case 'certificate':
      return message.votes[0]?.height ?? 0
  }
}
