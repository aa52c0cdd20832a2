import { hash } from 'node:crypto'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '@neurovoyance/protocol'
import { exportSnapshot, readSnapshot, type SnapshotSource } from '../../store/snapshot/export.js'
import {
  decodeManifest,
  encodeManifest,
  invalid,
  type SnapshotManifest,
} from '../../store/snapshot/manifest.js'
import type { StateStore } from '../../store/state-store.js'
import { ABCI_LIMITS } from '../limits.js'
import type { Snapshot } from '../messages/common.js'

/** When snapshots are made, and how many are kept. */
export interface SnapshotPlan {
  /** After every so many blocks. */
  readonly everyBlocks: number
  /** The newest ones. */
  readonly keep: number
}

/** Version of what the chunks and the metadata are. */
export const SNAPSHOT_FORMAT = 1

const TIME_BYTES = 8
const NAME = /^(\d+)-(\d+)$/

/** What travels as a snapshot's metadata: the ledger's time after its block (8 bytes), and its manifest. */
export function snapshotMetadata(manifest: SnapshotManifest, timeMs: number): Uint8Array {
  const encoded = encodeManifest(manifest)
  const bytes = new Uint8Array(TIME_BYTES + encoded.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(timeMs))
  bytes.set(encoded, TIME_BYTES)
  return bytes
}

/**
 * The other way.
 *
 * @throws StoreError `LEDGER_SNAPSHOT_INVALID`
 */
export function readMetadata(bytes: Uint8Array): { manifest: SnapshotManifest; timeMs: number } {
  if (bytes.length < TIME_BYTES) throw invalid('its metadata is cut')
  const manifest = decodeManifest(bytes.subarray(TIME_BYTES))
  const timeMs = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0))
  return { manifest, timeMs: Number.isSafeInteger(timeMs) ? timeMs : 0 }
}

/** Snapshots of the state, each in a folder `<height>-<ledger time>`. */
export class SnapshotShelf {
  readonly #dir: string
  readonly #plan: SnapshotPlan | undefined
  readonly #logger: Logger
  #making: Promise<void> | undefined

  constructor(dir: string, plan: SnapshotPlan | undefined, logger: Logger) {
    this.#dir = dir
    this.#plan = plan
    this.#logger = logger
  }

  /** Makes one after a block where it is due and none is being made, while blocks go on. */
  afterBlock(state: StateStore, height: number, timeOf: (height: number) => number | undefined): void {
    if (this.#plan === undefined || this.#making !== undefined || height % this.#plan.everyBlocks !== 0)
      return
    this.#making = this.#make(state, timeOf)
      .catch(error => this.#logger.warn({ error: String(error) }, 'no snapshot was made'))
      .finally(() => {
        this.#making = undefined
      })
  }

  /** Resolves when none is being made. */
  async settled(): Promise<void> {
    await this.#making
  }

  /** What there is, newest first. */
  async list(): Promise<Snapshot[]> {
    const found = await this.#folders()
    const snapshots: Snapshot[] = []
    for (const { name, timeMs } of found.slice(0, ABCI_LIMITS.snapshots)) {
      const { manifest } = await readSnapshot(join(this.#dir, name))
      const metadata = snapshotMetadata(manifest, timeMs)
      snapshots.push({
        height: manifest.height,
        format: SNAPSHOT_FORMAT,
        chunks: manifest.chunks.length,
        hash: new Uint8Array(hash('sha256', metadata, 'buffer')),
        metadata,
      })
    }
    return snapshots
  }

  /** The snapshot of a height. */
  async at(height: number): Promise<SnapshotSource | undefined> {
    const found = (await this.#folders()).find(folder => folder.height === height)
    return found && readSnapshot(join(this.#dir, found.name))
  }

  async #make(state: StateStore, timeOf: (height: number) => number | undefined): Promise<void> {
    const draft = join(this.#dir, 'draft')
    await rm(draft, { recursive: true, force: true })
    const manifest = await exportSnapshot(state, { dir: draft })
    const timeMs = timeOf(manifest.height)
    if (timeMs === undefined) return
    await rename(draft, join(this.#dir, `${manifest.height}-${timeMs}`))
    this.#logger.info({ height: manifest.height, chunks: manifest.chunks.length }, 'made a snapshot')
    const old = (await this.#folders()).slice(this.#plan!.keep)
    for (const { name } of old) await rm(join(this.#dir, name), { recursive: true, force: true })
  }

  async #folders(): Promise<{ name: string; height: number; timeMs: number }[]> {
    await mkdir(this.#dir, { recursive: true })
    return (await readdir(this.#dir))
      .map(name => ({ name, parts: NAME.exec(name) }))
      .flatMap(({ name, parts }) =>
        parts === null ? [] : [{ name, height: Number(parts[1]), timeMs: Number(parts[2]) }],
      )
      .sort((a, b) => b.height - a.height)
  }
}
