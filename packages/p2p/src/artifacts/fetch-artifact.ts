import { mkdir } from 'node:fs/promises'
import type { Clock, Logger } from '@neurovoyance/protocol'
import { cidParts } from '@neurovoyance/protocol'
import type { BlockHasher } from './block-hasher.js'
import { BlockQueue } from './block-queue.js'
import { fetchLayout } from './fetch-nodes.js'
import type { ArtifactLimits } from './limits.js'
import { type Block, PartialArtifact } from './partial.js'
import { Providers } from './providers.js'
import { readBlocks } from './read-blocks.js'
import type { ArtifactStore } from './store.js'
import type { ArtifactHost, ArtifactProgress, StoredArtifact } from './types.js'

/** What a download needs. */
export interface FetchArtifactInit {
  host: ArtifactHost
  store: ArtifactStore
  hasher: BlockHasher
  clock: Clock
  logger: Logger
  limits: ArtifactLimits
  cid: string
  providers: readonly string[]
  signal: AbortSignal
  onProgress: (progress: ArtifactProgress) => void
  onCorrupt: (peerId: string) => void
}

/** How often a provider without work looks whether some has come back. */
const IDLE_MS = 250

/** Fetches one artifact from all providers that are found, and moves it into the store when it is complete. */
export async function fetchArtifact(init: FetchArtifactInit): Promise<StoredArtifact> {
  const { host, store, limits, cid, signal } = init
  const progress: ArtifactProgress = { phase: 'find', doneBytes: 0, totalBytes: 0, providers: 0 }
  const tell = (change: Partial<ArtifactProgress>) => init.onProgress(Object.assign(progress, change))
  const providers = new Providers({
    ...init,
    known: init.providers,
    retries: limits.providerRetries,
    findMs: limits.findProvidersMs,
  })
  let partial: PartialArtifact | undefined
  try {
    tell({})
    const folder = store.partialFolder(cid)
    const saved = cidParts(cid).codec === 'raw' ? [] : await PartialArtifact.savedNodes(folder)
    const layout = await fetchLayout(host, providers, cid, limits, saved, signal)
    await mkdir(folder, { recursive: true })
    partial = new PartialArtifact(folder, layout)
    const download = partial
    tell({ phase: 'verify', totalBytes: layout.bytes })
    await download.open(block => tell({ doneBytes: progress.doneBytes + block.leaf.bytes }), signal)
    tell({ phase: 'download' })
    await downloadBlocks(init, download, providers, tell, progress)
    tell({ phase: 'sync', providers: 0 })
    await download.finish(store)
    return store.get(cid)!
  } finally {
    providers.close()
    await partial?.close()
  }
}

async function downloadBlocks(
  init: FetchArtifactInit,
  partial: PartialArtifact,
  providers: Providers,
  tell: (change: Partial<ArtifactProgress>) => void,
  progress: ArtifactProgress,
): Promise<void> {
  const { host, hasher, clock, limits, signal } = init
  const queue = new BlockQueue(partial.blocks.filter(block => !partial.has(block)))
  const stop = new AbortController()
  const working = new Map<string, Promise<void>>()
  let failure: { error: unknown } | undefined
  let unwritten = queue.missing

  async function onBlock(peerId: string, block: Block, bytes: Uint8Array): Promise<void> {
    await partial.write(block, bytes)
    providers.worked(peerId)
    unwritten--
    const doneBytes = progress.doneBytes + bytes.length
    tell({ doneBytes, totalBytes: Math.max(progress.totalBytes, doneBytes) })
    if (unwritten === 0) stop.abort()
  }

  async function work(peerId: string): Promise<void> {
    const { blocksInFlight, stallMs } = limits
    const both = AbortSignal.any([signal, stop.signal])
    try {
      await readBlocks({
        host,
        clock,
        peerId,
        queue,
        hasher,
        blocksInFlight,
        stallMs,
        signal: both,
        onBlock: (block, bytes) => onBlock(peerId, block, bytes),
      })
      if (queue.missing > 0) await pause(clock, IDLE_MS, both)
      providers.giveBack(peerId)
    } catch (error) {
      if (unwritten === 0) return
      try {
        providers.failed(peerId, error)
      } catch (fatal) {
        failure ??= { error: fatal }
      }
    } finally {
      working.delete(peerId)
      tell({ providers: working.size })
    }
  }

  while (unwritten > 0 && failure === undefined && !signal.aborted) {
    const changed = providers.changed()
    const peerId = working.size < limits.providersPerFetch ? providers.take() : 'later'
    if (peerId === undefined && working.size === 0) throw providers.notFound()
    if (peerId !== undefined && peerId !== 'later') {
      working.set(peerId, work(peerId))
      tell({ providers: working.size })
    } else await Promise.race([changed, ...working.values()])
  }
  stop.abort()
  await Promise.all(working.values())
  if (signal.aborted) throw signal.reason
  if (failure !== undefined) throw failure.error
}

function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const cancel = clock.after(delayMs, done)
    signal.addEventListener('abort', done)
  })
}
