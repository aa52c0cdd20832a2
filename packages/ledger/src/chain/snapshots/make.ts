import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type ChainSnapshot, type Logger, SnapshotsResponse, silentLogger } from '@neurovoyance/protocol'
import { replaceFile } from '../../consensus/disk/durable.js'
import { exportSnapshot, type LedgerStore } from '../../store/index.js'
import { readHead } from '../record/head.js'
import type { SnapshotArtifacts } from './artifacts.js'
import { encodeRotation, ROTATION_FILE } from './rotation.js'

/** How snapshots are made. */
export interface SnapshotsInit {
  store: LedgerStore
  /** A folder of their own. */
  dir: string
  artifacts: SnapshotArtifacts
  /** One is made after every so many blocks. */
  everyBlocks: number
  /** So many of the newest are kept; 2 when left out. */
  keep?: number
  logger?: Logger
}

/** Snapshots of the state that this node has for others. */
export interface Snapshots {
  /** The newest first. */
  list(): readonly ChainSnapshot[]
  /** A block was applied: a snapshot may be due. One at a time is made; blocks do not wait for it. */
  applied(height: number): void
  /** Resolves when none is being made. */
  settled(): Promise<void>
  close(): Promise<void>
}

const LIST_FILE = 'list'

/** Makes snapshots from now on. All nodes that make one of the same height make the same, under one CID. */
export async function startSnapshots(init: SnapshotsInit): Promise<Snapshots> {
  const { store, dir, artifacts, everyBlocks, keep = 2, logger = silentLogger } = init
  await mkdir(dir, { recursive: true })
  const listFile = join(dir, LIST_FILE)
  const stop = new AbortController()
  let snapshots: readonly ChainSnapshot[] = await readList(listFile)
  let work: Promise<void> | undefined

  async function make(height: number): Promise<void> {
    const folder = join(dir, String(height))
    const { signal } = stop
    await rm(folder, { recursive: true, force: true })
    try {
      const manifest = await exportSnapshot(store.state, {
        dir: folder,
        signal,
        beside: head => ({ [ROTATION_FILE]: rotationAt(store, head.height) }),
      })
      const { cid, bytes } = await artifacts.add(folder, { signal, link: true })
      const others = snapshots.filter(other => other.height !== manifest.height)
      const all = [{ height: manifest.height, cid, bytes }, ...others].sort((a, b) => b.height - a.height)
      snapshots = all.slice(0, keep)
      await replaceFile(listFile, SnapshotsResponse.encode({ snapshots }), 0o600)
      for (const old of all.slice(keep)) {
        if (!snapshots.some(other => other.cid === old.cid)) await artifacts.remove(old.cid)
      }
      logger.info({ height: manifest.height, cid, bytes }, 'made a snapshot')
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  return {
    list: () => snapshots,
    applied(height) {
      if (height % everyBlocks !== 0 || work !== undefined || stop.signal.aborted) return
      work = make(height)
        .catch(error => {
          if (!stop.signal.aborted) logger.warn({ error, height }, 'no snapshot could be made')
        })
        .finally(() => {
          work = undefined
        })
    },
    settled: async () => work,
    async close() {
      stop.abort()
      await work
    },
  }
}

function rotationAt(store: LedgerStore, height: number): Uint8Array {
  const { validators, nextValidators } = readHead(store, height).beginning
  return encodeRotation({ height, validators, nextValidators })
}

/** What was there when the node stopped; a list that is damaged is begun anew. */
async function readList(file: string): Promise<readonly ChainSnapshot[]> {
  try {
    return SnapshotsResponse.decode(await readFile(file)).snapshots
  } catch {
    return []
  }
}
