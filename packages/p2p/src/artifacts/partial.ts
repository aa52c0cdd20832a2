import { constants, type FileHandle, mkdir, open, readFile, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { P2pError } from '../errors.js'
import { type ArtifactIndex, readIndex, writeIndex } from './artifact-index.js'
import { diskError, readFully, syncFolder, writeFully } from './disk.js'
import { ArtifactStore } from './store.js'
import { sameBytes, sha256 } from './unixfs/block.js'
import type { DagNode } from './unixfs/build.js'
import type { FileLayout, Layout, Leaf } from './unixfs/layout.js'

const JOURNAL = 'blocks.journal'
const PLAN = 'plan.json'

/** One block of a download, by its number over all files. */
export interface Block {
  number: number
  file: FileLayout
  leaf: Leaf
}

/**
 * A download on the disk: sparse files that fill up, and a journal with the number of every block that was written.
 *
 * The journal is a hint, not a proof: after a kill every block that it names is read and verified again, so that
 * nothing is trusted but what matches its CID.
 */
export class PartialArtifact {
  readonly blocks: Block[] = []
  readonly #folder: string
  readonly #layout: Layout
  readonly #have: Uint8Array
  readonly #handles = new Map<FileLayout, Promise<FileHandle>>()
  readonly #closing: Promise<void>[] = []
  #journal: FileHandle | undefined

  constructor(folder: string, layout: Layout) {
    this.#folder = folder
    this.#layout = layout
    for (const file of layout.files) {
      for (const leaf of file.leaves) this.blocks.push({ number: this.blocks.length, file, leaf })
    }
    this.#have = new Uint8Array(this.blocks.length)
  }

  /** The inner nodes that an earlier download of this artifact fetched. */
  static async savedNodes(folder: string): Promise<DagNode[]> {
    return readIndex(join(folder, PLAN)).then(
      plan => plan.nodes,
      () => [],
    )
  }

  has(block: Block): boolean {
    return this.#have[block.number] === 1
  }

  /**
   * Makes files and folders, and verifies what is there of them.
   *
   * @throws P2pError `P2P_DISK_FULL` where the rest cannot fit.
   */
  async open(onVerified: (block: Block) => void, signal: AbortSignal): Promise<void> {
    try {
      const content = ArtifactStore.content(this.#folder)
      await mkdir(this.#layout.folder ? content : this.#folder, { recursive: true })
      for (const folder of this.#layout.folders) await mkdir(join(content, folder), { recursive: true })
      const { cid, bytes, nodes } = this.#layout
      await writeIndex(join(this.#folder, PLAN), { cid, bytes, files: [], nodes })
      await this.#resume(onVerified, signal)
      await this.#assertRoom()
      this.#journal = await open(join(this.#folder, JOURNAL), 'a', 0o600)
    } catch (error) {
      throw diskError(error, this.#folder)
    }
  }

  /** Writes a verified block. */
  async write(block: Block, bytes: Uint8Array): Promise<void> {
    try {
      await writeFully(await this.#handle(block.file), bytes, block.leaf.offset)
      const entry = Buffer.allocUnsafe(4)
      entry.writeUInt32LE(block.number)
      await this.#journal!.write(entry)
    } catch (error) {
      throw diskError(error, this.#folder)
    }
    this.#setSize(block, bytes.length)
    this.#have[block.number] = 1
  }

  /** Makes all of it durable and moves it into the store. */
  async finish(store: ArtifactStore): Promise<void> {
    try {
      const files: ArtifactIndex['files'] = []
      for (const file of this.#layout.files) {
        const handle = await this.#handle(file)
        await handle.truncate(file.bytes)
        await handle.sync()
        const { mtimeMs } = await handle.stat()
        files.push({ path: file.path, cid: file.cid, bytes: file.bytes, changedMs: mtimeMs })
      }
      const content = ArtifactStore.content(this.#folder)
      for (const folder of this.#layout.folders) await syncFolder(join(content, folder))
      if (this.#layout.folder) await syncFolder(content)
      await this.close()
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
      const index: ArtifactIndex = { cid: this.#layout.cid, bytes, files, nodes: this.#layout.nodes }
      await writeIndex(ArtifactStore.index(this.#folder), index)
      await rm(join(this.#folder, JOURNAL), { force: true })
      await rm(join(this.#folder, PLAN), { force: true })
      await store.finish(this.#folder, index)
    } catch (error) {
      throw diskError(error, this.#folder)
    }
  }

  /** Lets go of the files; the download can go on later. */
  async close(): Promise<void> {
    const handles = await Promise.all(this.#handles.values())
    if (this.#journal !== undefined) handles.push(this.#journal)
    this.#handles.clear()
    this.#journal = undefined
    await Promise.all([...handles.map(handle => handle.close()), ...this.#closing.splice(0)])
  }

  async #resume(onVerified: (block: Block) => void, signal: AbortSignal): Promise<void> {
    const journal = await readFile(join(this.#folder, JOURNAL)).catch(() => Buffer.alloc(0))
    const buffer = new Uint8Array(2 * 1024 * 1024)
    const numbers = new Set<number>()
    for (let at = 0; at + 4 <= journal.length; at += 4) numbers.add(journal.readUInt32LE(at))
    for (const number of [...numbers].sort((left, right) => left - right)) {
      signal.throwIfAborted()
      const block = this.blocks[number]
      if (block === undefined) continue
      const wanted = block.file.whole ? buffer : buffer.subarray(0, block.leaf.bytes)
      const length = await readFully(await this.#handle(block.file), wanted, block.leaf.offset)
      if (!sameBytes(sha256(wanted.subarray(0, length)), block.leaf.digest)) continue
      this.#setSize(block, length)
      this.#have[number] = 1
      onVerified(block)
    }
  }

  async #assertRoom(): Promise<void> {
    const missing = this.blocks.reduce((sum, block) => (this.has(block) ? sum : sum + block.leaf.bytes), 0)
    const { bavail, bsize } = await statfs(this.#folder)
    const freeBytes = bavail * bsize
    if (missing <= freeBytes) return
    throw new P2pError(
      'P2P_DISK_FULL',
      `The artifact ${this.#layout.cid} needs ${missing} more bytes; ${freeBytes} are free at ${this.#folder}.`,
      { details: { cid: this.#layout.cid, neededBytes: missing, freeBytes, path: this.#folder } },
    )
  }

  #handle(file: FileLayout): Promise<FileHandle> {
    let handle = this.#handles.get(file)
    if (handle === undefined) {
      // An artifact may have more files than a process may hold open.
      const [oldest] = this.#handles
      if (oldest !== undefined && this.#handles.size >= OPEN_FILES) {
        this.#handles.delete(oldest[0])
        this.#closing.push(oldest[1].then(open => open.close()))
      }
      const path = join(ArtifactStore.content(this.#folder), file.path)
      handle = open(path, constants.O_RDWR | constants.O_CREAT, 0o644)
      this.#handles.set(file, handle)
    }
    return handle
  }

  /** A file of one block tells its size only when it has come. */
  #setSize(block: Block, bytes: number): void {
    if (!block.file.whole) return
    block.leaf.bytes = bytes
    block.file.bytes = bytes
  }
}

/** Open files of one download. */
const OPEN_FILES = 64
