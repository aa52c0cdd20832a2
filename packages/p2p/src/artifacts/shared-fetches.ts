import type { P2pError } from '../errors.js'
import { cancelledError } from './cancel.js'
import type { ArtifactProgress, FetchOptions, StoredArtifact } from './types.js'
import { Turnstile } from './waiting.js'

/** Runs one download. */
export type RunFetch = (
  cid: string,
  providers: readonly string[],
  signal: AbortSignal,
  onProgress: (progress: ArtifactProgress) => void,
) => Promise<StoredArtifact>

interface Shared {
  done: Promise<StoredArtifact>
  stop: AbortController
  listeners: Set<(progress: ArtifactProgress) => void>
  askers: number
}

/** Downloads under way: whoever asks for the same artifact joins the one that runs; it stops when all have left. */
export class SharedFetches {
  readonly #run: RunFetch
  readonly #turnstile: Turnstile
  readonly #running = new Map<string, Shared>()

  constructor(atOnce: number, run: RunFetch) {
    this.#run = run
    this.#turnstile = new Turnstile(atOnce)
  }

  async join(cid: string, { providers = [], onProgress, signal }: FetchOptions): Promise<StoredArtifact> {
    const shared = this.#running.get(cid) ?? this.#start(cid, providers)
    shared.askers++
    if (onProgress !== undefined) shared.listeners.add(onProgress)
    let leave = () => {}
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(cancelledError('download', signal?.reason))
    })
    signal?.addEventListener('abort', leave)
    try {
      return await Promise.race([shared.done, left])
    } finally {
      signal?.removeEventListener('abort', leave)
      if (onProgress !== undefined) shared.listeners.delete(onProgress)
      shared.askers--
      if (shared.askers === 0) {
        shared.stop.abort(cancelledError('download', signal?.reason))
        // What is written stays for the next time; the caller may count on the files being closed.
        await shared.done.catch(() => {})
      }
    }
  }

  /** Stops a download for all who asked for it. */
  async cancel(cid: string, error: P2pError): Promise<void> {
    const shared = this.#running.get(cid)
    shared?.stop.abort(error)
    await shared?.done.catch(() => {})
  }

  async close(error: P2pError): Promise<void> {
    await Promise.all([...this.#running.keys()].map(cid => this.cancel(cid, error)))
  }

  #start(cid: string, providers: readonly string[]): Shared {
    const stop = new AbortController()
    const listeners: Shared['listeners'] = new Set()
    const tell = (progress: ArtifactProgress) => {
      for (const listener of listeners) listener({ ...progress })
    }
    const run = async () => {
      await this.#turnstile.enter()
      try {
        if (stop.signal.aborted) throw stop.signal.reason
        return await this.#run(cid, providers, stop.signal, tell)
      } finally {
        this.#turnstile.leave()
        this.#running.delete(cid)
      }
    }
    const shared: Shared = { done: run(), stop, listeners, askers: 0 }
    shared.done.catch(() => {})
    this.#running.set(cid, shared)
    return shared
  }
}
