import { type FileHandle, link, mkdir, open, realpath, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'
import { type ArtifactIndex, type IndexedFile, writeIndex } from './artifact-index.js'
import { assertNotCancelled } from './cancel.js'
import { diskError, readFully, syncFolder, writeFully } from './disk.js'
import type { ArtifactLimits } from './limits.js'
import { isFolder, type LocalFile, type LocalFolder, listLocal } from './local-files.js'
import { ArtifactStore } from './store.js'
import type { AddOptions, StoredArtifact } from './types.js'
import { BLOCK_BYTES, sha256 } from './unixfs/block.js'
import { buildFile, buildFolder, type DagNode, type DagPart } from './unixfs/build.js'

/** Takes a file or folder into the store: hashed while it is copied, moved to its place when all of it is durable. */
export async function importPath(
  store: ArtifactStore,
  path: string,
  limits: ArtifactLimits,
  options: AddOptions,
): Promise<StoredArtifact> {
  const local = await listLocal(path, limits)
  const folder = await store.incoming()
  try {
    const session = new ImportSession(options, totalBytes(local))
    const root = await session.take(local, ArtifactStore.content(folder), '')
    const index: ArtifactIndex = {
      cid: root.cid,
      bytes: root.bytes,
      files: session.files,
      nodes: distinct(session.nodes),
    }
    await writeIndex(ArtifactStore.index(folder), index)
    return await store.finish(folder, index)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw diskError(error, folder)
  }
}

class ImportSession {
  readonly files: IndexedFile[] = []
  readonly nodes: DagNode[] = []
  readonly #options: AddOptions
  readonly #totalBytes: number
  #doneBytes = 0

  constructor(options: AddOptions, totalBytes: number) {
    this.#options = options
    this.#totalBytes = totalBytes
  }

  async take(local: LocalFile | LocalFolder, target: string, path: string): Promise<DagPart> {
    if (!isFolder(local)) return this.#takeFile(local, target, path)
    await mkdir(target)
    const parts = new Map<string, DagPart>()
    for (const entry of local.entries) {
      const below = path === '' ? entry.name : `${path}/${entry.name}`
      parts.set(entry.name, await this.take(entry, join(target, entry.name), below))
    }
    await syncFolder(target)
    return buildFolder(parts, this.nodes)
  }

  async #takeFile(local: LocalFile, target: string, path: string): Promise<DagPart> {
    const linked = this.#options.link === true ? await this.#link(local, target) : undefined
    const leaves = linked ?? (await this.#copy(local, target))
    const part = buildFile(leaves, this.nodes)
    const { mtimeMs, size } = await stat(target)
    if (size !== part.bytes) throw changed(local.source)
    this.files.push({ path, cid: part.cid, bytes: part.bytes, changedMs: mtimeMs })
    return part
  }

  /** The blocks of a hard link; nothing where the file is on another disk. */
  async #link(local: LocalFile, target: string): Promise<Leaf[] | undefined> {
    try {
      await link(await realpath(local.source), target)
    } catch (error) {
      if (errorCode(error) === 'EXDEV' || errorCode(error) === 'EPERM') return undefined
      throw error
    }
    const source = await open(target, 'r')
    try {
      return await this.#hash(source, undefined)
    } finally {
      await source.close()
    }
  }

  async #copy(local: LocalFile, target: string): Promise<Leaf[]> {
    const source = await open(local.source, 'r')
    try {
      const copy = await open(target, 'wx', 0o644)
      try {
        const leaves = await this.#hash(source, copy)
        await copy.sync()
        return leaves
      } finally {
        await copy.close()
      }
    } finally {
      await source.close()
    }
  }

  /** Reads a file block by block: one is hashed while the one before is written and the next is read. */
  async #hash(source: FileHandle, copy: FileHandle | undefined): Promise<Leaf[]> {
    const leaves: Leaf[] = []
    let offset = 0
    let current = new Uint8Array(BLOCK_BYTES)
    let spare = new Uint8Array(BLOCK_BYTES)
    let reading = readFully(source, current, 0)
    for (;;) {
      assertNotCancelled(this.#options.signal, 'import')
      const bytes = await reading
      if (bytes === 0) return leaves
      const block = current.subarray(0, bytes)
      ;[current, spare] = [spare, current]
      reading = readFully(source, current, offset + bytes)
      const writing = copy === undefined ? undefined : writeFully(copy, block, offset)
      leaves.push({ digest: sha256(block), bytes })
      await Promise.all([writing, reading])
      offset += bytes
      this.#doneBytes += bytes
      this.#options.onProgress?.({
        phase: 'import',
        doneBytes: this.#doneBytes,
        totalBytes: Math.max(this.#totalBytes, this.#doneBytes),
        providers: 0,
      })
    }
  }
}

interface Leaf {
  digest: Uint8Array
  bytes: number
}

function totalBytes(local: LocalFile | LocalFolder): number {
  return isFolder(local) ? local.entries.reduce((sum, entry) => sum + totalBytes(entry), 0) : local.bytes
}

/** A node that is in an artifact twice is kept once. */
function distinct(nodes: readonly DagNode[]): DagNode[] {
  return [...new Map(nodes.map(node => [node.cid, node])).values()]
}

function changed(path: string): P2pError {
  return new P2pError('P2P_ARTIFACT_CORRUPT', `${path} was changed while it was added: add it again.`, {
    details: { path },
  })
}
