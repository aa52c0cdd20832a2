/**
 * What the state costs a block: its tree and its store, with the root after every block and every block on the
 * disk, over 10⁴, 10⁵ and 10⁶ accounts. A transfer reads and writes two accounts, both drawn at random, so no block
 * finds the last one's still warm. The next block is applied while the last is being written, as in a node.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LedgerStore, openLedgerStore } from '@neurovoyance/ledger/node'
import { report, summarize } from '@neurovoyance/testing/bench'
import { createSeededRandom } from '@neurovoyance/testing/network'

const SIZES = [10_000, 100_000, 1_000_000]
const TRANSFERS = 5_000
const BLOCKS = 60
const WARMUP_BLOCKS = 10
const ACCOUNT_BYTES = 80
const FILL_ACCOUNTS = 20_000
const random = createSeededRandom('ledger-apply')

/** Fills a store, runs blocks over it, and opens it again with and without its checkpoint. */
async function measureOver(accounts: number) {
  const dir = await mkdtemp(join(tmpdir(), 'ledger-apply-'))
  try {
    let store = await openLedgerStore({ dir })
    const buildMs = await timed(() => fill(store, accounts))
    const blocks = await runBlocks(store, accounts)
    const closeMs = await timed(() => store.close())
    const openMs = await timed(async () => {
      store = await openLedgerStore({ dir })
    })
    await store.close()
    await rm(join(dir, 'tree.checkpoint'), { force: true })
    const rebuildMs = await timed(async () => {
      store = await openLedgerStore({ dir })
    })
    await store.close()
    return { ...blocks, buildMs, closeMs, openMs, rebuildMs }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function fill({ state }: LedgerStore, accounts: number): Promise<void> {
  for (let from = 0; from < accounts; from += FILL_ACCOUNTS) {
    const changes = new Map<string, Uint8Array>()
    for (let index = from; index < Math.min(accounts, from + FILL_ACCOUNTS); index++) {
      changes.set(accountKey(index), new Uint8Array(ACCOUNT_BYTES).fill(index))
    }
    await state.room()
    state.commit({ height: from / FILL_ACCOUNTS, changes })
  }
  await state.room(0)
}

/** Blocks of transfers; a block's time runs from the block before it, what waits for the disk included. */
async function runBlocks({ state }: LedgerStore, accounts: number) {
  const samples: number[] = []
  let beganMs = 0
  let lastMs = 0
  for (let block = 0; block < WARMUP_BLOCKS + BLOCKS; block++) {
    if (block === WARMUP_BLOCKS) {
      await state.room(0)
      beganMs = lastMs = performance.now()
    }
    const changes = new Map<string, Uint8Array>()
    for (let side = 0; side < 2 * TRANSFERS; side++) {
      const key = accountKey(random.int(accounts))
      const account = (changes.get(key) ?? state.get(key)!).slice()
      account[side % ACCOUNT_BYTES]!++
      changes.set(key, account)
    }
    await state.room()
    state.commit({ height: state.height! + 1, changes })
    if (block >= WARMUP_BLOCKS) samples.push(performance.now() - lastMs)
    lastMs = performance.now()
  }
  await state.room(0)
  const seconds = (performance.now() - beganMs) / 1_000
  const block = summarize(samples)
  return { txPerSecond: (BLOCKS * TRANSFERS) / seconds, block, stateMB: state.sizeBytes / 1e6 }
}

/** As the ledger's keys look: a collection, and 32 bytes in hexadecimal. */
function accountKey(index: number): string {
  return `accounts/${index.toString(16).padStart(64, '0')}`
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now()
  await run()
  return performance.now() - startMs
}

const metrics: Record<string, number> = { transfersPerBlock: TRANSFERS }
const spread: Record<string, { unit: string } & ReturnType<typeof summarize>> = {}
for (const accounts of SIZES) {
  const { block, ...found } = await measureOver(accounts)
  const suffix = accounts === SIZES.at(-1) ? '' : `At${accounts}`
  metrics[`blockP50Ms${suffix}`] = block.p50
  for (const [name, value] of Object.entries(found)) metrics[`${name}${suffix}`] = value
  spread[`${accounts} accounts`] = { unit: 'ms', ...block }
}

report({
  bench: 'ledger-apply',
  metrics: {
    ...metrics,
    // For a hundred times as much stored: the tree is three levels deeper, and memory is colder.
    costRatio: metrics.blockP50Ms! / metrics[`blockP50MsAt${SIZES[0]}`]!,
  },
  targets: { txPerSecond: '>=20000', costRatio: '<=3' },
  spread,
})
