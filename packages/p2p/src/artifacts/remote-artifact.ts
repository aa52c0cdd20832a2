import { ArtifactService, type Clock, LIMITS, type Logger } from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'
import { fetchLayout } from './fetch-nodes.js'
import type { ArtifactLimits } from './limits.js'
import { Providers } from './providers.js'
import type { ArtifactHost, RemoteArtifact } from './types.js'
import { sameBytes, sha256 } from './unixfs/block.js'
import type { FileLayout, Leaf } from './unixfs/layout.js'

/** What reading an artifact from afar needs. */
export interface RemoteArtifactInit {
  host: ArtifactHost
  clock: Clock
  logger: Logger
  limits: ArtifactLimits
  cid: string
  providers: readonly string[]
  signal: AbortSignal
  onCorrupt: (peerId: string) => void
}

/** Blocks kept of one artifact: who reads a model's graph reads the same few again and again. */
const KEPT_BLOCKS = 16
const READ_TIMEOUT_MS = 20_000

/** Learns what an artifact is made of, and reads blocks of its files when they are asked for; keeps none on disk. */
export async function openRemoteArtifact(init: RemoteArtifactInit): Promise<RemoteArtifact> {
  const { host, clock, logger, limits, cid, signal, onCorrupt } = init
  const { providerRetries: retries, findProvidersMs: findMs } = limits
  const closing = new AbortController()
  const providers = new Providers({
    host,
    clock,
    logger,
    cid,
    known: init.providers,
    retries,
    findMs,
    signal: closing.signal,
    onCorrupt,
  })
  const close = () => {
    closing.abort(new P2pError('P2P_CANCELLED', `The artifact ${cid} is not read any more.`))
    providers.close()
  }
  signal.addEventListener('abort', close, { once: true })
  const kept = new Map<Leaf, Promise<Uint8Array>>()

  function block(file: FileLayout, leaf: Leaf): Promise<Uint8Array> {
    const known = kept.get(leaf)
    if (known !== undefined) return known
    const read = providers.use(peerId => readLeaf(host, peerId, file, leaf, closing.signal))
    kept.set(leaf, read)
    read.catch(() => kept.delete(leaf))
    if (kept.size > KEPT_BLOCKS) kept.delete(kept.keys().next().value!)
    return read
  }

  async function read(file: FileLayout, offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(offset + length, file.bytes)
    const bytes = new Uint8Array(Math.max(0, end - offset))
    for (const leaf of file.leaves) {
      const from = Math.max(offset, leaf.offset)
      const to = Math.min(end, leaf.offset + leaf.bytes)
      if (from >= to) continue
      const content = await block(file, leaf)
      if (content.length !== leaf.bytes) throw corrupt(cid, 'its size is not what the folder says')
      bytes.set(content.subarray(from - leaf.offset, to - leaf.offset), from - offset)
    }
    return bytes
  }

  try {
    const layout = await fetchLayout(host, providers, cid, limits, [], closing.signal)
    return {
      cid,
      files: layout.files.map(file => ({
        path: file.path,
        bytes: file.bytes,
        read: (offset, length) => read(file, offset, length),
      })),
      close,
    }
  } catch (error) {
    close()
    throw error
  }
}

/** One block from one peer, verified. */
async function readLeaf(
  host: ArtifactHost,
  peerId: string,
  { cid, whole }: FileLayout,
  leaf: Leaf,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const length = whole ? LIMITS.artifactBlockBytes : leaf.bytes
  async function* request() {
    yield { body: { cid, offset: leaf.offset, length } }
  }
  const options = { signal: AbortSignal.any([signal, AbortSignal.timeout(READ_TIMEOUT_MS)]) }
  for await (const { attachments } of host.rpc.duplex(peerId, ArtifactService, 'Read', request(), options)) {
    const [bytes] = attachments
    if (bytes !== undefined && sameBytes(sha256(bytes), leaf.digest)) return Uint8Array.from(bytes)
    throw corrupt(cid, `the peer ${peerId} sent other bytes`)
  }
  throw new P2pError('P2P_ARTIFACT_NOT_FOUND', `The peer ${peerId} does not hold these bytes of ${cid}.`, {
    details: { peerId, cid, offset: leaf.offset },
  })
}

const corrupt = (cid: string, why: string): P2pError =>
  new P2pError('P2P_ARTIFACT_CORRUPT', `A block of ${cid} is not what its CID says: ${why}.`, {
    details: { cid },
  })
