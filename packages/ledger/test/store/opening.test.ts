import { existsSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openLedgerStore } from '../../src/store/open.js'
import { folder } from './folder.js'

/** Enough keys that the store keeps its tree by itself. */
const KEYS = 20_000
const many = (salt: number): Map<string, Uint8Array> =>
  new Map(Array.from({ length: KEYS }, (_, index) => [`k/${index}`, Uint8Array.of(salt, index, index >> 8)]))
const few = (height: number): Map<string, Uint8Array | undefined> =>
  new Map([
    [`k/${height}`, undefined],
    [`new/${height}`, Uint8Array.of(height)],
  ])

it('a large state is opened from its checkpoint and the blocks since, or built where that is gone', async () => {
  const dir = folder()
  const file = join(dir, 'tree.checkpoint')
  let store = await openLedgerStore({ dir, undoBlocks: 8 })
  store.state.commit({ height: 0, changes: many(0) })
  for (let height = 1; height <= 30; height++) {
    await store.state.room()
    store.state.commit({ height, changes: few(height) })
  }
  const root = store.state.root()
  await store.close()
  const written = statSync(file).mtimeMs

  store = await openLedgerStore({ dir, undoBlocks: 8 })
  expect(store.state.root()).toEqual(root)
  await store.close()
  // Nothing has changed, so there is nothing to keep anew.
  expect(statSync(file).mtimeMs).toBe(written)

  rmSync(file)
  store = await openLedgerStore({ dir, undoBlocks: 8 })
  expect(store.state.root()).toEqual(root)
  for (let index = 31; index < KEYS; index += 997) {
    expect(store.state.get(`k/${index}`)).toEqual(Uint8Array.of(0, index, index >> 8))
  }
  await store.close()
  expect(existsSync(file)).toBe(true)
})

it('a checkpoint that is older than what can be taken back is not used', async () => {
  const dir = folder()
  let store = await openLedgerStore({ dir, undoBlocks: 4 })
  store.state.commit({ height: 0, changes: new Map([['a', Uint8Array.of(1)]]) })
  await store.state.checkpoint()
  for (let height = 1; height < 10; height++) {
    store.state.commit({ height, changes: few(height) })
  }
  const root = store.state.root()
  await store.close()
  store = await openLedgerStore({ dir, undoBlocks: 4 })
  expect(store.state.root()).toEqual(root)
  expect(store.state.get('a')).toEqual(Uint8Array.of(1))
  await store.close()
})
