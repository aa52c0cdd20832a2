import { hash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EntryWriter } from '../entries.js'
import { storeError } from '../errors.js'
import type { Head } from '../head.js'
import type { StateStore } from '../state-store.js'
import { decodeManifest, encodeManifest, type SnapshotChunk, type SnapshotManifest } from './manifest.js'

export interface ExportInit {
  /** A folder of its own; made where it is absent. */
  dir: string
  /** About how large a chunk is; 1 MiB when left out. */
  chunkBytes?: number
  /** Files to lie beside it, of the height that it is of: they are asked for when the state is held fast. */
  beside?: (head: Head) => Readonly<Record<string, Uint8Array>>
  signal?: AbortSignal
  onProgress?: (progress: { chunks: number; entries: number }) => void
}

const MANIFEST_FILE = 'manifest'
const chunkFile = (index: number): string => index.toString().padStart(6, '0')

/**
 * Writes the state as it is now to a folder that other nodes can fetch, while blocks go on. The manifest comes
 * last: a folder without one is not a snapshot.
 */
export async function exportSnapshot(state: StateStore, init: ExportInit): Promise<SnapshotManifest> {
  const { dir, chunkBytes = 2 ** 20, signal, onProgress } = init
  const snapshot = await state.snapshot()
  try {
    if (snapshot.head === undefined) {
      throw storeError('LEDGER_STORE_WRONG_HEIGHT', 'There is no state to make a snapshot of.')
    }
    await mkdir(dir, { recursive: true })
    for (const [name, bytes] of Object.entries(init.beside?.(snapshot.head) ?? {})) {
      await writeFile(join(dir, name), bytes, { flush: true })
    }
    const chunks: SnapshotChunk[] = []
    const writer = new EntryWriter(chunkBytes * 2)
    let entries = 0
    const flush = async (): Promise<void> => {
      signal?.throwIfAborted()
      const bytes = writer.take()
      await writeFile(join(dir, chunkFile(chunks.length)), bytes, { flush: true })
      chunks.push({ sizeBytes: bytes.length, hash: new Uint8Array(hash('sha256', bytes, 'buffer')) })
      onProgress?.({ chunks: chunks.length, entries })
    }
    for await (const [key, value] of snapshot.entries()) {
      writer.entry(key, value)
      entries++
      if (writer.length >= chunkBytes) await flush()
    }
    if (writer.length > 0) await flush()
    const manifest = { ...snapshot.head, chunks }
    const draft = join(dir, `${MANIFEST_FILE}.draft`)
    await writeFile(draft, encodeManifest(manifest), { flush: true })
    await rename(draft, join(dir, MANIFEST_FILE))
    return manifest
  } finally {
    await snapshot.close()
  }
}

/** A snapshot that can be imported: from a folder, a peer, or an ABCI engine. */
export interface SnapshotSource {
  readonly manifest: SnapshotManifest
  /** The bytes of one chunk; the importer checks them. */
  chunk(index: number, signal?: AbortSignal): Promise<Uint8Array>
}

/**
 * The snapshot in a folder.
 *
 * @throws StoreError `LEDGER_SNAPSHOT_INVALID`
 */
export async function readSnapshot(dir: string): Promise<SnapshotSource> {
  const manifest = decodeManifest(await readFile(join(dir, MANIFEST_FILE)))
  return { manifest, chunk: index => readFile(join(dir, chunkFile(index))) }
}
