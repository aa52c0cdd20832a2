import { type FileHandle, open } from 'node:fs/promises'
import {
  ArtifactService,
  LIMITS,
  type Message,
  type ReadRequest,
  type ReadResponse,
  type ReceivedMessage,
} from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'
import { allocateExact } from '../rpc/allocate.js'
import type { CallContext } from '../rpc/index.js'
import { readFully } from './disk.js'
import type { ArtifactLimits } from './limits.js'
import { readAhead } from './read-ahead.js'
import type { ArtifactStore, HeldFile } from './store.js'
import type { ArtifactHost } from './types.js'

/** Blocks of one stream that are read from the disk before they can be sent. */
const READ_AHEAD = 2

/** Serves what the store holds; returns a function that stops it. */
export function serveArtifacts(host: ArtifactHost, store: ArtifactStore, limits: ArtifactLimits): () => void {
  const places = new Places(limits)

  async function* read(requests: AsyncIterable<ReceivedMessage<ReadRequest>>, context: CallContext) {
    const leave = places.enter(context.peerId)
    const reader = new FileReader(store)
    try {
      yield* readAhead(requests, ({ body }) => reader.read(body), READ_AHEAD)
    } finally {
      leave()
      reader.close()
    }
  }

  return host.rpc.serve(ArtifactService, {
    Nodes: ({ body }) => heldNodes(store, body.cids),
    Read: read,
  })
}

/** The nodes that are here, as many as one message may hold; those left out are asked for again. */
function heldNodes(store: ArtifactStore, wanted: readonly string[]): Message<{ cids: string[] }> {
  const cids: string[] = []
  const attachments: Uint8Array[] = []
  let bytes = 0
  for (const cid of wanted) {
    const block = store.node(cid)
    if (block === undefined || bytes + block.length > LIMITS.artifactAttachmentBytes) continue
    bytes += block.length
    cids.push(cid)
    attachments.push(block)
  }
  return { body: { cids }, attachments }
}

/** Files that one stream keeps open: more than it reads from at once. */
const OPEN_FILES = 2 * READ_AHEAD

/** Reads for one stream; the files that it reads stay open between its requests. */
class FileReader {
  readonly #store: ArtifactStore
  readonly #open = new Map<string, Promise<FileHandle>>()

  constructor(store: ArtifactStore) {
    this.#store = store
  }

  async read({ cid, offset, length }: ReadRequest): Promise<Message<ReadResponse>> {
    const file = this.#store.file(cid)
    if (file === undefined || offset > file.bytes || length > LIMITS.artifactBlockBytes) {
      throw new P2pError('P2P_ARTIFACT_NOT_FOUND', `This peer does not hold these bytes of ${cid}.`, {
        details: { cid, offset, length },
      })
    }
    const bytes = allocateExact(Math.min(length, file.bytes - offset))
    const handle = await this.#handle(cid, file)
    const read = await readFully(handle, bytes, offset)
    return { body: { offset }, attachments: [bytes.subarray(0, read)] }
  }

  #handle(cid: string, file: HeldFile): Promise<FileHandle> {
    let handle = this.#open.get(cid)
    if (handle === undefined) {
      const [oldest] = this.#open
      if (oldest !== undefined && this.#open.size >= OPEN_FILES) {
        this.#open.delete(oldest[0])
        closeQuietly(oldest[1])
      }
      handle = open(file.path, 'r')
      this.#open.set(cid, handle)
    }
    return handle
  }

  close(): void {
    for (const handle of this.#open.values()) closeQuietly(handle)
    this.#open.clear()
  }
}

/** Whoever reads from a file that could not be opened is told so; closing it has nothing to add. */
function closeQuietly(handle: Promise<FileHandle>): void {
  handle.then(open => open.close()).catch(() => {})
}

/** How many streams each peer, and all of them, read on. */
class Places {
  readonly #limits: ArtifactLimits
  readonly #ofPeer = new Map<string, number>()
  #all = 0

  constructor(limits: ArtifactLimits) {
    this.#limits = limits
  }

  enter(peerId: string): () => void {
    const held = this.#ofPeer.get(peerId) ?? 0
    const { readsPerPeer, reads } = this.#limits
    if (held >= readsPerPeer || this.#all >= reads) {
      throw new P2pError('P2P_LIMIT_EXCEEDED', 'This peer serves as many downloads as it can: try again.', {
        details: { limit: held >= readsPerPeer ? 'readsPerPeer' : 'reads', retry: true },
      })
    }
    this.#all++
    this.#ofPeer.set(peerId, held + 1)
    return () => {
      this.#all--
      const left = (this.#ofPeer.get(peerId) ?? 1) - 1
      if (left > 0) this.#ofPeer.set(peerId, left)
      else this.#ofPeer.delete(peerId)
    }
  }
}
