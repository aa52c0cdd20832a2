import type { Clock, Logger } from '@neurovoyance/protocol'
import { errorCode } from '@neurovoyance/protocol'
import { CID } from 'multiformats/cid'
import { P2pError } from '../errors.js'
import type { ArtifactHost } from './types.js'
import { Bell } from './waiting.js'

/** What the search for providers needs. */
export interface ProvidersInit {
  host: ArtifactHost
  clock: Clock
  logger: Logger
  cid: string
  known: readonly string[]
  retries: number
  findMs: number
  signal: AbortSignal
  onCorrupt: (peerId: string) => void
}

const RETRY_MS = 500

/** Codes after which a provider is not asked again for this artifact. */
const FINAL_CODES: ReadonlySet<string> = new Set(['P2P_ARTIFACT_NOT_FOUND', 'P2P_UNSUPPORTED_SERVICE'])

/** The peers that may hold one artifact: those that were named, and those that the network finds meanwhile. */
export class Providers {
  readonly #init: ProvidersInit
  readonly #failures = new Map<string, number>()
  readonly #ready: string[] = []
  readonly #bell = new Bell()
  readonly #stop = new AbortController()
  #searching = true
  #resting = 0
  #liars = 0
  #lastError: unknown

  constructor(init: ProvidersInit) {
    this.#init = init
    for (const peerId of init.known) this.#found(peerId)
    for (const { peerId } of init.host.peers?.() ?? []) this.#found(peerId)
    init.signal.addEventListener('abort', this.#bell.ring)
    void this.#search()
  }

  /** Peers that were asked or could be. */
  get count(): number {
    return this.#failures.size
  }

  /** Settles when something changed: a provider was found, rested or given back. */
  changed(): Promise<void> {
    return this.#bell.next()
  }

  /** A provider to use now, `'later'` where one may come, `undefined` where none will. */
  take(): string | 'later' | undefined {
    const peerId = this.#ready.shift()
    if (peerId !== undefined) return peerId
    return this.#searching || this.#resting > 0 ? 'later' : undefined
  }

  /** Works with one provider after the other until one does it. */
  async use<T>(work: (peerId: string) => Promise<T>): Promise<T> {
    for (;;) {
      if (this.#init.signal.aborted) throw this.#init.signal.reason
      const peerId = this.take()
      if (peerId === undefined) throw this.notFound()
      if (peerId === 'later') {
        await this.changed()
        continue
      }
      try {
        const result = await work(peerId)
        this.#ready.unshift(peerId)
        return result
      } catch (error) {
        this.failed(peerId, error)
      }
    }
  }

  /** A provider did what it was asked and is free. */
  giveBack(peerId: string): void {
    this.#ready.push(peerId)
    this.#bell.ring()
  }

  /** A provider sent something good: its earlier failures are forgiven. */
  worked(peerId: string): void {
    this.#failures.set(peerId, 0)
  }

  /** A provider failed: a liar never comes back, others after a rest, a few times. Other errors are thrown on. */
  failed(peerId: string, error: unknown): void {
    const { clock, logger, retries, signal, onCorrupt } = this.#init
    const code = errorCode(error) ?? ''
    if (signal.aborted || NOT_THE_PEER.has(code)) throw error
    this.#lastError = error
    logger.debug({ err: error, peerId, cid: this.#init.cid }, 'A provider failed')
    const failures = (this.#failures.get(peerId) ?? 0) + 1
    this.#failures.set(peerId, failures)
    if (code === 'P2P_ARTIFACT_CORRUPT') {
      this.#liars++
      onCorrupt(peerId)
    } else if (!FINAL_CODES.has(code) && failures <= retries) {
      this.#resting++
      clock.after(RETRY_MS * 2 ** (failures - 1), () => {
        this.#resting--
        this.giveBack(peerId)
      })
    }
    this.#bell.ring()
  }

  /** The error of a download that nobody can serve. */
  notFound(): P2pError {
    const { cid } = this.#init
    const asked = this.#failures.size
    const liars = this.#liars
    return new P2pError(
      'P2P_ARTIFACT_NOT_FOUND',
      asked === 0
        ? `Nobody who holds the artifact ${cid} was found: is a node that has it online?`
        : `None of ${asked} peers could give the artifact ${cid}${liars === 0 ? '' : `; of ${liars} the bytes were not what their CID says`}.`,
      { details: { cid, providers: asked, corrupt: liars }, cause: this.#lastError },
    )
  }

  close(): void {
    this.#stop.abort()
    this.#init.signal.removeEventListener('abort', this.#bell.ring)
  }

  #found(peerId: string): void {
    if (peerId === this.#init.host.peerId || this.#failures.has(peerId)) return
    this.#failures.set(peerId, 0)
    this.giveBack(peerId)
  }

  async #search(): Promise<void> {
    const { host, clock, logger, cid, findMs, signal } = this.#init
    const cancel = clock.after(findMs, () => this.#stop.abort())
    try {
      const options = { signal: AbortSignal.any([signal, this.#stop.signal]) }
      for await (const { id } of host.libp2p.contentRouting.findProviders(CID.parse(cid), options)) {
        this.#found(id.toString())
      }
    } catch (error) {
      logger.debug({ err: error, cid }, 'The search for providers ended')
    }
    cancel()
    this.#searching = false
    this.#bell.ring()
  }
}

/** Errors of this side, which another provider would not cure. */
const NOT_THE_PEER: ReadonlySet<string> = new Set([
  'P2P_DISK_FULL',
  'P2P_ARTIFACT_UNSUPPORTED',
  'P2P_HOST_CLOSED',
])
