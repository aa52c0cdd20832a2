import { type Clock, errorCode, type Logger } from '@neurovoyance/protocol'
import { ledgerError } from '../../errors.js'
import type { ChainPeers, NodeHead } from '../gossip/ports.js'
import type { ChainNetwork } from '../network.js'
import type { FetchedBlock } from './open-decided.js'
import type { SyncSettings } from './settings.js'

/** Requests under way at once, to different peers. */
const REQUESTS = 4

/** What fetching is made from. */
export interface FetchInit {
  network: Pick<ChainNetwork, 'call'>
  peers: ChainPeers
  /** Something came, or failed to. */
  onChange(): void
  /** Calls that after a while. */
  changeAfter(delayMs: number): void
  clock: Clock
  logger: Logger
  settings: SyncSettings
}

interface Failures {
  count: number
  until: number
}

/** Blocks that come from several peers at once; whoever does not answer in time is asked less. */
export class Fetch {
  readonly #init: FetchInit
  readonly #fetched = new Map<number, FetchedBlock>()
  readonly #asked = new Map<string, { first: number; limit: number; ending: AbortController }>()
  readonly #failures = new Map<string, Failures>()
  readonly #running = new Set<Promise<void>>()
  #bytes = 0
  #isStopped = false

  constructor(init: FetchInit) {
    this.#init = init
  }

  /** The block of a height, where it has come. */
  at(height: number): FetchedBlock | undefined {
    return this.#fetched.get(height)
  }

  /** The newest block that somebody has who answers. */
  highest(): number {
    return this.#able().reduce((most, [, { height }]) => Math.max(most, height), 0)
  }

  /** Whether somebody is being asked. */
  get isAsking(): boolean {
    return this.#asked.size > 0
  }

  /** Asks for what comes after `head` and is not here, the lowest first. */
  ask(head: number): void {
    for (const height of this.#fetched.keys()) if (height <= head) this.#drop(height)
    if (this.#isStopped) return
    const idle = this.#able().filter(([peerId]) => !this.#asked.has(peerId))
    while (idle.length > 0 && this.#asked.size < REQUESTS) {
      const range = this.#missing(head)
      const index = idle.findIndex(
        ([, { height, first }]) =>
          range !== undefined && height >= range.first && first > 0 && first <= range.first,
      )
      if (range === undefined || index < 0) return
      const [[peerId, { height }] = ['', { height: 0 }]] = idle.splice(index, 1)
      this.#request(peerId, range.first, Math.min(range.limit, height - range.first + 1))
    }
  }

  /** A peer sent what cannot be: nothing that it sent is used. */
  accuse(peerId: string, reason: string): void {
    for (const [height, { from }] of this.#fetched) if (from === peerId) this.#drop(height)
    this.#asked.get(peerId)?.ending.abort()
    this.#fail(peerId)
    this.#init.peers.penalise(peerId, reason)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    for (const { ending } of this.#asked.values()) ending.abort()
    await Promise.all(this.#running)
    for (const height of this.#fetched.keys()) this.#drop(height)
  }

  /** Peers that may be asked, and how far they are. */
  #able(): [string, NodeHead][] {
    const heads = this.#init.peers.heads()
    const now = this.#init.clock.monotonicMs()
    for (const peerId of this.#failures.keys()) if (!heads.has(peerId)) this.#failures.delete(peerId)
    return [...heads].filter(([peerId]) => (this.#failures.get(peerId)?.until ?? 0) <= now)
  }

  /** The lowest run of heights that nobody was asked for. */
  #missing(head: number): { first: number; limit: number } | undefined {
    const { rangeBlocks, windowBlocks, windowBytes } = this.#init.settings
    const asked = [...this.#asked.values()]
    const isMissing = (height: number): boolean =>
      !this.#fetched.has(height) &&
      !asked.some(({ first, limit }) => height >= first && height < first + limit)
    // a full store still takes the block that is due
    const last = this.#bytes >= windowBytes ? head + 1 : head + windowBlocks
    for (let first = head + 1; first <= last; first++) {
      if (!isMissing(first)) continue
      let limit = 1
      while (limit < rangeBlocks && first + limit <= last && isMissing(first + limit)) limit++
      return { first, limit }
    }
    return undefined
  }

  #request(peerId: string, first: number, limit: number): void {
    const ending = new AbortController()
    this.#asked.set(peerId, { first, limit, ending })
    const running = this.#answered(peerId, first, limit, ending).finally(() => {
      this.#asked.delete(peerId)
      this.#running.delete(running)
      this.#init.onChange()
    })
    this.#running.add(running)
  }

  async #answered(peerId: string, first: number, limit: number, ending: AbortController): Promise<void> {
    const { network, clock, settings, logger } = this.#init
    const { signal } = ending
    const cancel = clock.after(settings.requestMs, () => ending.abort())
    try {
      const options = { signal, timeoutMs: settings.requestMs }
      const { body, attachments } = await orAborted(
        network.call(peerId, 'Blocks', { body: { first, limit } }, options),
        signal,
      )
      if (attachments.length % 2 > 0 || attachments.length > 2 * limit || body.first !== first) {
        this.accuse(peerId, 'an answer to another question')
      } else if (attachments.length === 0) {
        this.#fail(peerId)
      } else {
        this.#failures.delete(peerId)
        for (let index = 0; index < attachments.length; index += 2)
          this.#keep({
            height: first + index / 2,
            bytes: attachments[index]!,
            commitBytes: attachments[index + 1]!,
            from: peerId,
          })
      }
    } catch (error) {
      logger.debug({ peer: peerId, first, code: errorCode(error) }, 'a peer did not give blocks')
      this.#fail(peerId)
    } finally {
      cancel()
    }
  }

  #keep(block: FetchedBlock): void {
    if (this.#isStopped || this.#fetched.has(block.height)) return
    this.#fetched.set(block.height, block)
    this.#bytes += block.bytes.length + block.commitBytes.length
  }

  #drop(height: number): void {
    const block = this.#fetched.get(height)
    if (block === undefined) return
    this.#fetched.delete(height)
    this.#bytes -= block.bytes.length + block.commitBytes.length
  }

  /** Whoever fails is asked again after a while, which is longer each time. */
  #fail(peerId: string): void {
    const { clock, settings, changeAfter } = this.#init
    const count = (this.#failures.get(peerId)?.count ?? 0) + 1
    const delayMs = Math.min(settings.maxRetryMs, settings.retryMs * 2 ** (count - 1))
    this.#failures.set(peerId, { count, until: clock.monotonicMs() + delayMs })
    if (!this.#isStopped) changeAfter(delayMs)
  }
}

/** What `work` gives; fails as soon as `signal` aborts, whether `work` notices or not. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(ledgerError('LEDGER_TOO_LATE', 'no answer in time'))
    if (signal.aborted) fail()
    signal.addEventListener('abort', fail, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', fail))
  })
}
