import { hash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SnapshotManifest } from '../../store/snapshot/manifest.js'

/** A snapshot that is being fetched: its chunks come in any order and wait in a folder until all are there. */
export class Restoration {
  readonly #dir: string
  #current: { manifest: SnapshotManifest; timeMs: number; missing: Set<number> } | undefined

  constructor(dir: string) {
    this.#dir = dir
  }

  /** Begins one, in place of another. */
  async begin(manifest: SnapshotManifest, timeMs: number): Promise<void> {
    await this.drop()
    await mkdir(this.#dir, { recursive: true })
    this.#current = { manifest, timeMs, missing: new Set(manifest.chunks.keys()) }
  }

  /** Whether one was begun. */
  get isUnderWay(): boolean {
    return this.#current !== undefined
  }

  /** Takes a chunk; false for one that the manifest does not name. */
  async take(index: number, chunk: Uint8Array): Promise<boolean> {
    const named = this.#current?.manifest.chunks[index]
    if (this.#current === undefined || named === undefined) return false
    if (
      chunk.length !== named.sizeBytes ||
      Buffer.compare(hash('sha256', chunk, 'buffer'), named.hash) !== 0
    ) {
      return false
    }
    await writeFile(this.#fileOf(index), chunk)
    this.#current.missing.delete(index)
    return true
  }

  /** The snapshot, once all of it is there. */
  whole() {
    if (this.#current === undefined || this.#current.missing.size > 0) return undefined
    const { manifest, timeMs } = this.#current
    return { source: { manifest, chunk: (index: number) => readFile(this.#fileOf(index)) }, timeMs }
  }

  /** Forgets what came. */
  async drop(): Promise<void> {
    this.#current = undefined
    await rm(this.#dir, { recursive: true, force: true })
  }

  #fileOf(index: number): string {
    return join(this.#dir, String(index))
  }
}
