import { canonicalCid, type Logger, silentLogger, systemClock } from '@neurovoyance/protocol'
import { CID } from 'multiformats/cid'
import { P2pError } from '../errors.js'
import { announceHeld } from './announce.js'
import { BlockHasher } from './block-hasher.js'
import { assertNotCancelled, cancelledError } from './cancel.js'
import { fetchArtifact } from './fetch-artifact.js'
import { importPath } from './import-path.js'
import { type ArtifactLimits, defaultArtifactLimits } from './limits.js'
import { openRemoteArtifact } from './remote-artifact.js'
import { serveArtifacts } from './serve.js'
import { SharedFetches } from './shared-fetches.js'
import { ArtifactStore } from './store.js'
import type { Artifacts, ArtifactsInit } from './types.js'

/**
 * A store of files and folders by IPFS CID, which serves what it holds and fetches what it lacks.
 *
 * @example
 * const artifacts = await createArtifacts({ host, dir: '/var/lib/nv/artifacts' })
 * const { cid } = await artifacts.add('models/resnet')
 * const { path } = await artifacts.fetch('bafybei…', { onProgress: ({ doneBytes }) => console.log(doneBytes) })
 */
export async function createArtifacts(init: ArtifactsInit): Promise<Artifacts> {
  const { host, dir, logger = silentLogger, clock = systemClock, onCorruptProvider } = init
  const limits: ArtifactLimits = Object.freeze({ ...defaultArtifactLimits, ...init.limits })
  const store = await ArtifactStore.open(dir, logger)
  const stopServing = serveArtifacts(host, store, limits)
  const closing = new AbortController()
  const hasher = new BlockHasher()

  const provide = (cid: string) =>
    host.libp2p.contentRouting.provide(CID.parse(cid), { signal: closing.signal })
  const tellNetwork = (cid: string) => void provide(cid).catch(error => notTold(logger, cid, error))
  const stopAnnouncing = announceHeld({
    clock,
    intervalMs: limits.provideIntervalMs,
    store,
    tell: tellNetwork,
  })

  const fetches = new SharedFetches(limits.concurrentFetches, (cid, providers, signal, onProgress) =>
    fetchArtifact({
      host,
      store,
      hasher,
      clock,
      logger,
      limits,
      cid,
      providers,
      signal,
      onProgress,
      onCorrupt: peerId => {
        logger.warn({ peerId, cid }, 'A peer sent bytes that are not what their CID says')
        onCorruptProvider?.(peerId)
      },
    }),
  )

  function assertOpen(): void {
    if (closing.signal.aborted) throw new P2pError('P2P_HOST_CLOSED', 'The store of artifacts is closed.')
  }

  return {
    async add(path, options = {}) {
      assertOpen()
      assertNotCancelled(options.signal, 'import')
      const stored = await importPath(store, path, limits, options)
      tellNetwork(stored.cid)
      return stored
    },

    async fetch(text, options = {}) {
      assertOpen()
      assertNotCancelled(options.signal, 'download')
      const cid = canonicalCid(text)
      const held = store.get(cid)
      if (held !== undefined) return held
      const stored = await fetches.join(cid, options)
      tellNetwork(cid)
      return stored
    },

    open(text, { providers = [], signal } = {}) {
      assertOpen()
      return openRemoteArtifact({
        host,
        clock,
        logger,
        limits,
        cid: canonicalCid(text),
        providers,
        signal: signal === undefined ? closing.signal : AbortSignal.any([closing.signal, signal]),
        onCorrupt: peerId => onCorruptProvider?.(peerId),
      })
    },

    path: text => store.get(canonicalCid(text))?.path,
    list: () => store.list(),

    async remove(text) {
      assertOpen()
      const cid = canonicalCid(text)
      await fetches.cancel(cid, cancelledError('download'))
      return store.remove(cid)
    },

    async provide(text) {
      assertOpen()
      await provide(canonicalCid(text))
    },

    async close() {
      if (closing.signal.aborted) return
      closing.abort()
      stopAnnouncing()
      stopServing()
      await fetches.close(cancelledError('download'))
      await hasher.close()
    },
  }
}

function notTold(logger: Logger, cid: string, error: unknown): void {
  logger.debug({ err: error, cid }, 'The network was not told that an artifact is here')
}
