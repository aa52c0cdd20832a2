/**
 * State sync: how a node begins without the blocks before. It asks its peers which snapshots they have, follows the
 * headers by a light client to the height of one and the next (whose header has the root of the state), brings the
 * snapshot here by its CID, and takes it in if it has that root. Block sync goes on from there.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Commit, silentLogger } from '@neurovoyance/protocol'
import { PART_BYTES, wholeCandidate } from '../../consensus/core/index.js'
import { headerHashOf } from '../../core/block/hashes.js'
import { idOf } from '../../core/hex.js'
import type { CoherentBlock } from '../../core/light/verify.js'
import { type GenesisDocument, genesisHash } from '../../genesis/document.js'
import { openLedgerStore, readSnapshot, type StoredBlock } from '../../store/index.js'
import { chainError } from '../errors.js'
import { chainFolder } from '../folder.js'
import type { SnapshotArtifacts } from './artifacts.js'
import { type HeadersInit, headersFrom, isFork } from './headers.js'
import { blockFrom, type OfferedSnapshot, offeredSnapshots } from './providers.js'
import { checkRotation, decodeRotation, ROTATION_FILE } from './rotation.js'
import { syncedRecords } from './synced-records.js'

/** What a node needs to begin with a snapshot. */
export interface StateSyncInit extends HeadersInit {
  /** The folder of the chain; nothing of a chain may be in it. */
  dir: string
  genesis: GenesisDocument
  artifacts: SnapshotArtifacts
  onProgress?: (progress: StateSyncProgress) => void
}

/** How far it is. */
export interface StateSyncProgress {
  readonly phase: 'headers' | 'fetch' | 'import'
  readonly height: number
  readonly chunks?: number
  readonly totalChunks?: number
}

/** Where the node begins. */
export interface StateSynced {
  /** The state is that after this block. */
  readonly height: number
  readonly root: Uint8Array
  readonly cid: string
}

/**
 * Fills the folder of a chain from the newest snapshot that peers have and that holds.
 *
 * @throws ChainError `LEDGER_SYNC_NO_SNAPSHOT` where no peer has one that holds; the folder is as empty as before
 * @throws LedgerError `LEDGER_LIGHT_FORK` where two peers show headers that hold and differ: somebody has to decide
 */
export async function stateSync(init: StateSyncInit): Promise<StateSynced> {
  const { call, peers, signal, logger = silentLogger } = init
  const offers = await offeredSnapshots(call, peers, signal)
  const reasons: string[] = []
  for (const offer of offers) {
    try {
      return await syncFrom(init, offer)
    } catch (error) {
      signal?.throwIfAborted()
      if (isFork(error)) throw error
      logger.warn({ error, height: offer.height, cid: offer.cid }, 'a snapshot cannot be used')
      reasons.push(`${offer.height}: ${(error as Error).message}`)
    }
  }
  const problem =
    offers.length === 0 ? 'no peer has a snapshot' : `no snapshot that peers have can be used (${reasons[0]})`
  throw chainError('LEDGER_SYNC_NO_SNAPSHOT', `${problem}: sync from the first block, or ask other peers`, {
    peers: peers.length,
    reasons,
  })
}

async function syncFrom(init: StateSyncInit, offer: OfferedSnapshot): Promise<StateSynced> {
  const { artifacts, genesis, signal, onProgress = () => {} } = init
  const { height, cid, peers } = offer
  onProgress({ phase: 'headers', height })
  const [at, ...after] = await headersFrom(init, offer)
  const [next] = after
  if (at === undefined || next === undefined) throw chainError('LEDGER_SYNC_NO_SNAPSHOT', 'it is too new')
  onProgress({ phase: 'fetch', height })
  const { path } = await artifacts.fetch(cid, { providers: peers, ...(signal && { signal }) })
  const source = await readSnapshot(path)
  if (source.manifest.height !== height) {
    throw chainError('LEDGER_SYNC_NO_SNAPSHOT', `it is of height ${source.manifest.height}`)
  }
  const rotation = decodeRotation(await readFile(join(path, ROTATION_FILE)))
  checkRotation(rotation, after)
  const block = await lastBlock(init, offer, at)
  const root = next.header.stateRoot
  const store = await openLedgerStore({
    dir: chainFolder(init.dir).store,
    snapshot: {
      source,
      root,
      records: syncedRecords(genesisHash(genesis), at, next, rotation),
      ...(signal && { signal }),
      onProgress: progress => onProgress({ phase: 'import', height, ...progress }),
    },
  })
  try {
    await store.blocks.save(block)
    return { height, root, cid }
  } finally {
    await store.close()
  }
}

/** The block of the snapshot: the next proposal carries its commit, and who asks for it gets it. */
async function lastBlock(
  { call, signal }: StateSyncInit,
  { peers, height }: OfferedSnapshot,
  { header, blockId, commit }: CoherentBlock,
): Promise<StoredBlock> {
  const id = idOf(blockId)
  for (const peer of peers) {
    const block = await blockFrom(call, peer, height, signal).catch(() => undefined)
    if (block === undefined) continue
    const whole = wholeCandidate(height, idOf(headerHashOf(header)), block, PART_BYTES)
    if (whole.blockId === id) return { height, id: blockId, block, commit: Commit.encode(commit) }
  }
  throw chainError('LEDGER_SYNC_NO_SNAPSHOT', `nobody gave block ${height}`)
}
