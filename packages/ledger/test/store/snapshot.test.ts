import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LedgerStore, openLedgerStore } from '../../src/store/open.js'
import { exportSnapshot, readSnapshot, type SnapshotSource } from '../../src/store/snapshot/export.js'
import { decodeManifest, encodeManifest } from '../../src/store/snapshot/manifest.js'
import { folder } from './folder.js'
import { changesAt } from './processes/workload.js'

async function withState(blocks: number): Promise<LedgerStore> {
  const store = await openLedgerStore({ dir: folder() })
  for (let height = 0; height < blocks; height++) store.state.commit({ height, changes: changesAt(height) })
  return store
}

async function snapshotOf(store: LedgerStore, chunkBytes = 500) {
  const dir = folder()
  const manifest = await exportSnapshot(store.state, { dir, chunkBytes })
  return { dir, manifest, source: await readSnapshot(dir) }
}

async function entriesOf({ state }: LedgerStore) {
  const snapshot = await state.snapshot()
  const entries = []
  for await (const entry of snapshot.entries()) entries.push(entry)
  await snapshot.close()
  return entries
}

const invalid = { code: 'LEDGER_SNAPSHOT_INVALID' }

describe('a snapshot', () => {
  it('makes another store with the same state, which goes on', async () => {
    const store = await withState(30)
    const { source, manifest } = await snapshotOf(store)
    expect(manifest.chunks.length).toBeGreaterThan(5)
    const dir = folder()
    const progress: number[] = []
    let other = await openLedgerStore({
      dir,
      snapshot: { source, root: store.state.root(), onProgress: ({ chunks }) => progress.push(chunks) },
    })
    expect(progress).toEqual(manifest.chunks.map((_, index) => index + 1))
    for (let start = 0; start < 2; start++) {
      expect(other.state.height).toBe(29)
      expect(other.state.root()).toEqual(store.state.root())
      expect(await entriesOf(other)).toEqual(await entriesOf(store))
      await other.close()
      other = await openLedgerStore({ dir })
    }
    for (const { state } of [store, other]) state.commit({ height: 30, changes: changesAt(30) })
    expect(other.state.root()).toEqual(store.state.root())
    await other.close()
    await store.close()
  })

  it('is of one height though blocks go on while it is written', async () => {
    const store = await withState(20)
    const root = store.state.root()
    const writing = snapshotOf(store)
    await store.state.room(0)
    for (let height = 20; height < 40; height++) {
      await store.state.room()
      store.state.commit({ height, changes: changesAt(height) })
    }
    const { manifest, source } = await writing
    const alone = await withState(manifest.height + 1)
    expect(manifest.root).toEqual(alone.state.root())
    const other = await openLedgerStore({ dir: folder(), snapshot: { source, root: manifest.root } })
    expect(await entriesOf(other)).toEqual(await entriesOf(alone))
    expect(manifest.height).toBeGreaterThanOrEqual(19)
    if (manifest.height === 19) expect(manifest.root).toEqual(root)
    for (const { close } of [store, other, alone]) await close()
  })

  it('of nothing but a root is refused, and so is one for a store that has a state', async () => {
    const empty = await openLedgerStore({ dir: folder() })
    await expect(exportSnapshot(empty.state, { dir: folder() })).rejects.toMatchObject({
      code: 'LEDGER_STORE_WRONG_HEIGHT',
    })
    await empty.close()
    const dir = folder()
    const store = await openLedgerStore({ dir })
    store.state.commit({ height: 0, changes: changesAt(0) })
    const { source } = await snapshotOf(store)
    await store.close()
    await expect(
      openLedgerStore({ dir, snapshot: { source, root: source.manifest.root } }),
    ).rejects.toMatchObject({ code: 'LEDGER_STORE_NOT_EMPTY' })
  })

  const lies: [
    string,
    (source: SnapshotSource, root: Uint8Array) => Partial<SnapshotSource> & { root?: Uint8Array },
  ][] = [
    ['a root that the chain does not have', () => ({ root: new Uint8Array(32).fill(1) })],
    [
      'a chunk with one bit changed',
      ({ chunk }) => ({
        chunk: async index => (await chunk(index)).map((byte, at) => (at === 40 ? byte ^ 1 : byte)),
      }),
    ],
    ['a chunk that is cut', ({ chunk }) => ({ chunk: async index => (await chunk(index)).subarray(1) })],
    [
      'chunks in another order',
      ({ chunk, manifest }) => ({
        manifest: { ...manifest, chunks: manifest.chunks.toReversed() },
        chunk: index => chunk(manifest.chunks.length - 1 - index),
      }),
    ],
    ['a chunk less', ({ manifest }) => ({ manifest: { ...manifest, chunks: manifest.chunks.slice(1) } })],
    ['a chunk that never comes', () => ({ chunk: () => Promise.reject(new Error('unreachable')) })],
  ]

  it.each(lies)('with %s is refused and leaves the store empty', async (_, lie) => {
    const store = await withState(10)
    const { source } = await snapshotOf(store)
    const honest = store.state.root()
    const { root = honest, ...made } = lie(source, honest)
    const dir = folder()
    await expect(
      openLedgerStore({ dir, snapshot: { source: { ...source, ...made }, root } }),
    ).rejects.toThrow()
    const other = await openLedgerStore({ dir })
    expect(other.state.height).toBeUndefined()
    expect(other.state.size).toBe(0)
    expect(await entriesOf(other)).toEqual([])
    await other.close()
    // And the honest one fits in the same place.
    const again = await openLedgerStore({ dir, snapshot: { source, root: honest } })
    expect(again.state.root()).toEqual(honest)
    await again.close()
    await store.close()
  })

  it('whose manifest is not whole or not sound is refused before anything is read', async () => {
    const store = await withState(5)
    const { dir, manifest } = await snapshotOf(store)
    await store.close()
    const bytes = encodeManifest(manifest)
    expect(decodeManifest(bytes)).toEqual(manifest)
    expect(new Uint8Array(await readFile(join(dir, 'manifest')))).toEqual(bytes)
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), length => {
        expect(() => decodeManifest(bytes.subarray(0, length))).toThrow(expect.objectContaining(invalid))
      }),
    )
    // Far more chunks than there are bytes for; a chunk of 4 GiB; another format.
    for (const [at, value] of [
      [41, 255],
      [44, 255],
      [48, 255],
      [0, 9],
    ] as const) {
      const made = bytes.slice()
      made[at] = value
      expect(() => decodeManifest(made)).toThrow(expect.objectContaining(invalid))
    }
  })

  it('without its manifest is none', async () => {
    const store = await withState(5)
    const { dir } = await snapshotOf(store)
    await store.close()
    expect(await readdir(dir)).toContain('000000')
    await writeFile(join(dir, 'manifest'), '')
    await expect(readSnapshot(dir)).rejects.toMatchObject(invalid)
  })
})
