import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Changes } from '../../src/core/state/view.js'
import { verifyProof } from '../../src/core/tree/index.js'
import { type LedgerStore, openLedgerStore } from '../../src/store/open.js'
import type { StateStore } from '../../src/store/state-store.js'
import { applyTo, naiveRoot } from '../tree/naive.js'
import { folder } from './folder.js'

type Pairs = Map<string, Uint8Array>

const keyOf = (index: number): string => `k/${index}`
const changes: fc.Arbitrary<Changes> = fc
  .array(
    fc.tuple(
      fc.integer({ min: 0, max: 50 }).map(keyOf),
      fc.option(fc.uint8Array({ maxLength: 300 }), { nil: undefined }),
    ),
    { maxLength: 25 },
  )
  .map(entries => new Map(entries))

type Step =
  | { do: 'commit'; changes: Changes }
  | { do: 'rollback'; blocks: number }
  | { do: 'checkpoint' }
  | { do: 'reopen' }
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: changes.map(made => ({ do: 'commit' as const, changes: made })) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 4 }).map(blocks => ({ do: 'rollback' as const, blocks })),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'checkpoint' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'reopen' as const }) },
)

function expectState(state: StateStore, pairs: Pairs, height: number | undefined): void {
  expect(state.height).toBe(height)
  expect(state.size).toBe(pairs.size)
  expect(state.root()).toEqual(new Uint8Array(naiveRoot(pairs)))
  for (let index = 0; index <= 50; index++) {
    const key = keyOf(index)
    expect(state.get(key)).toEqual(pairs.get(key))
    expect(verifyProof(state.root(), key, pairs.get(key), state.prove(key))).toBe(true)
  }
}

const block = (height: number, from = 0, count = 40): Changes =>
  new Map(Array.from({ length: count }, (_, index) => [keyOf(from + index), Uint8Array.of(height, index)]))

async function filled(dir: string, blocks: number, init: { undoBlocks?: number } = {}): Promise<LedgerStore> {
  const store = await openLedgerStore({ dir, ...init })
  for (let height = 0; height < blocks; height++) store.state.commit({ height, changes: block(height) })
  await store.state.room(0)
  return store
}

describe('the state store', () => {
  it.each([0, 4_096, 1_000_000])(
    'does what a map does over commits, rollbacks, checkpoints and starts, with %i bytes of cache',
    async cacheBytes => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async steps => {
          const dir = folder()
          const open = () => openLedgerStore({ dir, cacheBytes, undoBlocks: 8 })
          let store = await open()
          const history: Pairs[] = []
          for (const move of steps) {
            const height = history.length
            if (move.do === 'commit') {
              const pairs: Pairs = new Map(history.at(-1))
              applyTo(pairs, move.changes)
              history.push(pairs)
              await store.state.room(2)
              const { root } = store.state.commit({ height, changes: move.changes })
              expect(root).toEqual(new Uint8Array(naiveRoot(pairs)))
            } else if (move.do === 'rollback') {
              const lowest = await store.state.lowestRollback()
              const target = height - 1 - move.blocks
              if (lowest === undefined || target < lowest) continue
              await store.state.rollback(target)
              history.length = target + 1
            } else if (move.do === 'checkpoint') await store.state.checkpoint()
            else {
              await store.close()
              store = await open()
            }
            expectState(
              store.state,
              history.at(-1) ?? new Map(),
              history.length === 0 ? undefined : history.length - 1,
            )
          }
          await store.close()
        }),
        { numRuns: 40 },
      )
    },
  )

  it('reads what it has applied while the disk is still at it', async () => {
    const { state, close } = await openLedgerStore({ dir: folder(), cacheBytes: 0 })
    for (let height = 0; height < 20; height++) state.commit({ height, changes: block(height) })
    expect(state.durableHeight).toBeUndefined()
    for (let index = 0; index < 40; index++) expect(state.get(keyOf(index))).toEqual(Uint8Array.of(19, index))
    await state.room(0)
    expect(state.durableHeight).toBe(19)
    await close()
  })

  it('tells durable blocks in their order', async () => {
    const { state, close } = await openLedgerStore({ dir: folder() })
    const told: number[] = []
    const blocks = Array.from({ length: 10 }, (_, height) => state.commit({ height, changes: block(height) }))
    await Promise.all(blocks.map(({ durable, height }) => durable.then(() => told.push(height))))
    expect(told).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    await close()
  })

  it('refuses a block that does not follow, and changes nothing', async () => {
    const { state, close } = await filled(folder(), 3)
    const root = state.root()
    for (const height of [-1, 0, 2, 4, 2 ** 48, Number.NaN]) {
      expect(() => state.commit({ height, changes: block(9) })).toThrow(
        expect.objectContaining({ code: 'LEDGER_STORE_WRONG_HEIGHT' }),
      )
    }
    expect(state.root()).toEqual(root)
    expect(state.height).toBe(2)
    await close()
  })

  it('goes back as far as it says and no further', async () => {
    const { state, close } = await filled(folder(), 10, { undoBlocks: 4 })
    expect(await state.lowestRollback()).toBe(5)
    await expect(state.rollback(4)).rejects.toMatchObject({ code: 'LEDGER_STORE_NO_UNDO' })
    expect(state.height).toBe(9)
    await state.rollback(5)
    expect(state.height).toBe(5)
    expect(state.get(keyOf(0))).toEqual(Uint8Array.of(5, 0))
    await close()
  })

  it('is one process’s at a time', async () => {
    const dir = folder()
    const { close } = await openLedgerStore({ dir })
    await expect(openLedgerStore({ dir })).rejects.toMatchObject({ code: 'LEDGER_STORE_IN_USE' })
    await close()
  })

  it('gives all keys in order as of one height, whatever comes meanwhile', async () => {
    const { state, close } = await filled(folder(), 3)
    const snapshot = await state.snapshot()
    state.commit({ height: 3, changes: block(3, 20, 100) })
    await state.room(0)
    const entries = []
    for await (const entry of snapshot.entries()) entries.push(entry)
    await snapshot.close()
    expect(snapshot.head?.height).toBe(2)
    expect(entries.map(([key]) => key)).toEqual([...block(2).keys()].sort())
    expect(new Uint8Array(naiveRoot(new Map(entries)))).toEqual(snapshot.head?.root)
    await close()
  })
})

describe('a checkpoint', () => {
  const name = 'tree.checkpoint'

  it('is the tree of its own moment though blocks go on while it is written', async () => {
    const dir = folder()
    let store = await openLedgerStore({ dir })
    store.state.commit({ height: 0, changes: block(0, 0, 5_000) })
    const written = store.state.checkpoint()
    for (let height = 1; height < 20; height++) {
      store.state.commit({ height, changes: block(height, height * 200, 400) })
    }
    await written
    const root = store.state.root()
    await store.close()
    expect(existsSync(join(dir, name))).toBe(true)
    store = await openLedgerStore({ dir })
    expect(store.state.root()).toEqual(root)
    await store.close()
  })

  it.each([
    ['cut', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 9)],
    ['empty', () => new Uint8Array()],
    [
      'changed',
      (bytes: Uint8Array) => bytes.map((byte, index) => (index === bytes.length >> 1 ? byte ^ 1 : byte)),
    ],
  ])('that is %s is not used', async (_, damage) => {
    const dir = folder()
    let store = await filled(dir, 5)
    await store.state.checkpoint()
    const root = store.state.root()
    await store.close()
    const bytes = readFileSync(join(dir, name))
    writeFileSync(join(dir, name), damage(bytes))
    store = await openLedgerStore({ dir })
    expect(store.state.root()).toEqual(root)
    await store.close()
  })

  it('goes with the blocks that are rolled back', async () => {
    const dir = folder()
    let store = await filled(dir, 5)
    await store.state.checkpoint()
    await store.state.rollback(2)
    for (let height = 3; height < 8; height++) store.state.commit({ height, changes: block(height + 50) })
    const root = store.state.root()
    expect(existsSync(join(dir, name))).toBe(false)
    await store.close()
    store = await openLedgerStore({ dir })
    expect(store.state.root()).toEqual(root)
    await store.close()
  })
})
