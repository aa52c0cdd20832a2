import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isCid, type Logger } from '@neurovoyance/protocol'
import { type ArtifactIndex, readIndex } from './artifact-index.js'
import { moveDurably } from './disk.js'
import type { StoredArtifact } from './types.js'

const INDEX = 'index.json'
const CONTENT = 'content'

/** One file that is here, whichever artifact it belongs to. */
export interface HeldFile {
  path: string
  bytes: number
}

/**
 * The artifacts on this disk.
 *
 * ```text
 * complete/<cid>/content      the file or folder, plainly, once
 * complete/<cid>/index.json   its inner nodes and the CIDs of its files
 * partial/<cid>/              a download; see partial.ts
 * incoming/<random>/          an import
 * ```
 *
 * A folder below `complete` is moved there whole: what is there is complete.
 */
export class ArtifactStore {
  readonly #dir: string
  readonly #artifacts = new Map<string, ArtifactIndex>()
  readonly #files = new Map<string, HeldFile>()
  readonly #nodes = new Map<string, Uint8Array>()

  private constructor(dir: string) {
    this.#dir = dir
  }

  /** Opens the store below `dir`; what a killed import left is removed, what was damaged is left out. */
  static async open(dir: string, logger: Logger): Promise<ArtifactStore> {
    const store = new ArtifactStore(dir)
    await rm(join(dir, 'incoming'), { recursive: true, force: true })
    for (const folder of ['complete', 'partial', 'incoming'])
      await mkdir(join(dir, folder), { recursive: true })
    for (const cid of await readdir(join(dir, 'complete'))) {
      if (!isCid(cid)) continue
      try {
        const index = await readIndex(store.#indexPath(cid))
        if (index.cid !== cid) throw new Error(`its index is that of ${index.cid}`)
        await store.#assertUnchanged(index)
        store.#artifacts.set(cid, index)
      } catch (error) {
        logger.warn({ err: error, cid }, 'An artifact was changed or damaged and is left out: fetch it again')
      }
    }
    store.#reindex()
    return store
  }

  /** A new folder for an import or download that becomes complete by `finish`. */
  async incoming(): Promise<string> {
    const folder = join(this.#dir, 'incoming', randomUUID())
    await mkdir(folder, { recursive: true })
    return folder
  }

  /** The folder of an artifact's download. */
  partialFolder(cid: string): string {
    return join(this.#dir, 'partial', cid)
  }

  /** Where a folder keeps an artifact's content and index while it is not complete. */
  static content(folder: string): string {
    return join(folder, CONTENT)
  }

  static index(folder: string): string {
    return join(folder, INDEX)
  }

  /** Takes in a folder with content and index, both durable. */
  async finish(folder: string, index: ArtifactIndex): Promise<StoredArtifact> {
    if (this.#artifacts.has(index.cid)) await rm(folder, { recursive: true, force: true })
    else {
      const place = join(this.#dir, 'complete', index.cid)
      // Only a damaged artifact that was left out can be in the way.
      await rm(place, { recursive: true, force: true })
      await moveDurably(folder, place)
      this.#artifacts.set(index.cid, index)
      this.#reindex()
    }
    return this.get(index.cid)!
  }

  get(cid: string): StoredArtifact | undefined {
    const index = this.#artifacts.get(cid)
    if (index === undefined) return undefined
    return { cid, path: this.#contentPath(cid), bytes: index.bytes, files: index.files.length }
  }

  list(): StoredArtifact[] {
    return [...this.#artifacts.keys()].map(cid => this.get(cid)!)
  }

  file(cid: string): HeldFile | undefined {
    return this.#files.get(cid)
  }

  node(cid: string): Uint8Array | undefined {
    return this.#nodes.get(cid)
  }

  async remove(cid: string): Promise<boolean> {
    const known = this.#artifacts.delete(cid)
    if (known) {
      this.#reindex()
      // Out of sight in one step, so that a kill leaves no half of it.
      const grave = join(await this.incoming(), cid)
      await moveDurably(join(this.#dir, 'complete', cid), grave)
      await rm(grave, { recursive: true, force: true })
    }
    const partial = await stat(this.partialFolder(cid)).catch(() => undefined)
    await rm(this.partialFolder(cid), { recursive: true, force: true })
    return known || partial !== undefined
  }

  async #assertUnchanged(index: ArtifactIndex): Promise<void> {
    for (const file of index.files) {
      const found = await stat(join(this.#contentPath(index.cid), file.path))
      if (found.size !== file.bytes || found.mtimeMs !== file.changedMs)
        throw new Error(`${file.path} was changed`)
    }
  }

  #reindex(): void {
    this.#files.clear()
    this.#nodes.clear()
    for (const { cid, files, nodes } of this.#artifacts.values()) {
      for (const file of files) {
        this.#files.set(file.cid, { path: join(this.#contentPath(cid), file.path), bytes: file.bytes })
      }
      for (const node of nodes) this.#nodes.set(node.cid, node.block)
    }
  }

  #contentPath(cid: string): string {
    return join(this.#dir, 'complete', cid, CONTENT)
  }

  #indexPath(cid: string): string {
    return join(this.#dir, 'complete', cid, INDEX)
  }
}
