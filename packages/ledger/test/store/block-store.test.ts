import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BlockStore } from '../../src/store/block-store.js'
import { type LedgerStore, openLedgerStore } from '../../src/store/open.js'
import { folder } from './folder.js'
import { blockAt, resultsAt } from './processes/workload.js'

async function storeBlock({ state, blocks }: LedgerStore, height: number): Promise<void> {
  await blocks.save(blockAt(height))
  const records = blocks.results(height, resultsAt(height))
  await state.commit({ height, changes: new Map(), records }).durable
}

async function withBlocks(from: number, to: number, keepBlocks?: number): Promise<LedgerStore> {
  const store = await openLedgerStore({ dir: folder(), ...(keepBlocks !== undefined && { keepBlocks }) })
  for (let height = from; height < to; height++) await storeBlock(store, height)
  return store
}

async function expectKept(blocks: BlockStore, height: number): Promise<void> {
  const { id } = blockAt(height)
  expect(blocks.block(height)).toEqual(blockAt(height))
  expect(blocks.blockById(id)).toEqual(blockAt(height))
  const { results, light, transactions } = resultsAt(height)
  expect(blocks.resultsOf(height)).toEqual(results)
  expect(blocks.light(height)).toEqual({ light, commit: blockAt(height).commit })
  for (const [index, transaction] of transactions.entries()) {
    expect(blocks.transaction(transaction.id)).toEqual({ height, index })
    for (const account of transaction.accounts) {
      expect(await blocks.byAccount(account, 1_000)).toContainEqual({ height, index, id: transaction.id })
    }
  }
}

async function expectGone(blocks: BlockStore, height: number): Promise<void> {
  expect(blocks.block(height)).toBeUndefined()
  expect(blocks.blockById(blockAt(height).id)).toBeUndefined()
  expect(blocks.resultsOf(height)).toBeUndefined()
  expect(blocks.light(height)).toBeUndefined()
  for (const { id, accounts } of resultsAt(height).transactions) {
    expect(blocks.transaction(id)).toBeUndefined()
    for (const account of accounts) {
      const entries = await blocks.byAccount(account, 1_000)
      expect(entries.some(entry => entry.height === height)).toBe(false)
    }
  }
}

async function expectRange(
  blocks: BlockStore,
  first: number,
  last: number,
  of: readonly number[],
): Promise<void> {
  expect([blocks.first, blocks.last]).toEqual([first, last])
  for (const height of of) await (height >= first && height <= last ? expectKept : expectGone)(blocks, height)
}

describe('the block store', () => {
  it('keeps blocks by height and by id, and transactions by id and by account', async () => {
    const store = await withBlocks(1, 12)
    await expectRange(store.blocks, 1, 11, [0, 1, 5, 11, 12])
    await store.close()
  })

  it('gives an account’s history newest first, page by page', async () => {
    const store = await withBlocks(1, 30)
    const whole = await store.blocks.byAccount('account3', 1_000)
    const expected = Array.from({ length: 29 }, (_, index) => 29 - index)
      .filter(height => height % 7 === 3)
      .flatMap(height => [2, 1, 0].map(index => ({ height, index })))
    expect(whole.map(({ height, index }) => ({ height, index }))).toEqual(expected)

    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), async limit => {
        const paged = []
        for (;;) {
          const page = await store.blocks.byAccount('account3', limit, paged.at(-1))
          paged.push(...page)
          if (page.length < limit) break
        }
        expect(paged).toEqual(whole)
      }),
      { numRuns: 20 },
    )
    expect(await store.blocks.byAccount('account', 10)).toEqual([])
    await store.close()
  })

  it('forgets the oldest by itself where it is told how many to keep', async () => {
    const store = await withBlocks(1, 60, 20)
    await expectRange(store.blocks, 40, 59, [1, 2, 38, 39, 40, 50, 59])
    await store.close()
  })

  it('is an archive where it is not, until somebody prunes', async () => {
    const store = await withBlocks(1, 100)
    await expectRange(store.blocks, 1, 99, [1, 50, 99])
    await store.blocks.prune(90)
    await expectRange(store.blocks, 90, 99, [1, 89, 90, 99])
    await store.blocks.prune(1_000)
    await expectRange(store.blocks, 99, 99, [98, 99])
    await store.close()
  })

  it('forgets the newest when a chain is rolled back, and takes others in their place', async () => {
    const store = await withBlocks(1, 10)
    await store.state.rollback(6)
    await store.blocks.truncate(6)
    await expectRange(store.blocks, 1, 6, [6, 7, 8, 9])
    await storeBlock(store, 7)
    await expectRange(store.blocks, 1, 7, [6, 7, 8])
    await store.blocks.truncate(0)
    expect([store.blocks.first, store.blocks.last]).toEqual([undefined, undefined])
    await store.close()
  })

  it('knows its range after a start', async () => {
    const dir = folder()
    let store = await openLedgerStore({ dir })
    for (let height = 5; height < 9; height++) await storeBlock(store, height)
    await store.close()
    store = await openLedgerStore({ dir })
    await expectRange(store.blocks, 5, 8, [4, 5, 8, 9])
    await store.close()
  })

  it('replaces a block of the same height, and takes none that leaves a gap', async () => {
    const store = await withBlocks(1, 4)
    const other = { ...blockAt(3), id: blockAt(99).id }
    await store.blocks.save(other)
    expect(store.blocks.block(3)).toEqual(other)
    expect(store.blocks.blockById(blockAt(3).id)).toBeUndefined()
    for (const height of [0, 5, 9]) {
      expect(() => store.blocks.save(blockAt(height))).toThrow(
        expect.objectContaining({ code: 'LEDGER_STORE_WRONG_HEIGHT' }),
      )
    }
    expect([store.blocks.first, store.blocks.last]).toEqual([1, 3])
    await store.close()
  })
})
