/**
 * Transfers through the whole state machine, signatures apart, with the state's root after every block and every
 * block on the disk, over 10⁴, 10⁵ and 10⁶ accounts. Sender and recipient are drawn at random, so no block finds the
 * last one's accounts still warm. The next block is applied while the last is being written, as in a node.
 *
 * `store…` is the same without the machine: what tree and store alone take of two accounts a transfer.
 * `…PerCpuSecond` counts the processor's time of the thread that applies blocks, so that what else runs on the
 * machine does not come into it.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Changes, StateView } from '@neurovoyance/ledger'
import { type LedgerStore, openLedgerStore } from '@neurovoyance/ledger/node'
import { report, summarize } from '@neurovoyance/testing/bench'
import { createSeededRandom } from '@neurovoyance/testing/network'
import { accountAt, accountKey, applyTransfers, genesisChanges, transferBlocks } from './apply/chain.ts'

const SIZES = [10_000, 100_000, 1_000_000]
const TRANSFERS = 5_000
const BLOCKS = 30
const WARMUP_BLOCKS = 5
const FILL_ACCOUNTS = 20_000
const random = createSeededRandom('ledger-apply')

type Apply = (view: StateView, height: number, block: number) => Changes

/** Fills a store, runs blocks over it, and opens it again with and without its checkpoint. */
async function measureOver(accounts: number) {
  const dir = await mkdtemp(join(tmpdir(), 'ledger-apply-'))
  try {
    let store = await openLedgerStore({ dir })
    const buildMs = await timed(() => fill(store, accounts))
    const blocks = transferBlocks(random, accounts, WARMUP_BLOCKS + BLOCKS, TRANSFERS)
    const machine = await runBlocks(store, (view, height, block) =>
      applyTransfers(view, height, blocks[block]!),
    )
    const alone = await runBlocks(store, view => touchAccounts(view, accounts))
    const stateMB = store.state.sizeBytes / 1e6
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
    return { machine, alone, times: { buildMs, closeMs, openMs, rebuildMs, stateMB } }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function fill({ state }: LedgerStore, accounts: number): Promise<void> {
  state.commit({ height: 0, changes: genesisChanges(accounts) })
  for (let from = 0; from < accounts; from += FILL_ACCOUNTS) {
    const changes = new Map<string, Uint8Array>()
    for (let index = from; index < Math.min(accounts, from + FILL_ACCOUNTS); index++) {
      changes.set(accountKey(index), accountAt(index))
    }
    await state.room()
    state.commit({ height: state.height! + 1, changes })
  }
  await state.room(0)
}

/** A block's time runs from the end of the block before it, what waits for the disk included. */
async function runBlocks({ state }: LedgerStore, apply: Apply) {
  const samples: number[] = []
  let beganMs = 0
  let lastMs = 0
  let before = process.threadCpuUsage()
  for (let block = 0; block < WARMUP_BLOCKS + BLOCKS; block++) {
    if (block === WARMUP_BLOCKS) {
      await state.room(0)
      before = process.threadCpuUsage()
      beganMs = lastMs = performance.now()
    }
    const height = state.height! + 1
    const changes = apply(state, height, block)
    await state.room()
    state.commit({ height, changes })
    if (block >= WARMUP_BLOCKS) samples.push(performance.now() - lastMs)
    lastMs = performance.now()
  }
  await state.room(0)
  const { user, system } = process.threadCpuUsage(before)
  const transfers = BLOCKS * TRANSFERS
  return {
    perSecond: transfers / ((performance.now() - beganMs) / 1e3),
    perCpuSecond: transfers / ((user + system) / 1e6),
    block: summarize(samples),
  }
}

/** What a block of transfers does to the state, without the rules. */
function touchAccounts(view: StateView, accounts: number): Changes {
  const changes = new Map<string, Uint8Array>()
  for (let side = 0; side < 2 * TRANSFERS; side++) {
    const key = accountKey(random.int(accounts))
    const account = (changes.get(key) ?? view.get(key)!).slice()
    account[side % account.length]!++
    changes.set(key, account)
  }
  return changes
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now()
  await run()
  return performance.now() - startMs
}

const metrics: Record<string, number> = { transfersPerBlock: TRANSFERS }
const spread: Record<string, { unit: string } & ReturnType<typeof summarize>> = {}
for (const accounts of SIZES) {
  const { machine, alone, times } = await measureOver(accounts)
  const found = {
    txPerSecond: machine.perSecond,
    txPerCpuSecond: machine.perCpuSecond,
    blockP50Ms: machine.block.p50,
    storePerSecond: alone.perSecond,
    storePerCpuSecond: alone.perCpuSecond,
    ...times,
  }
  const suffix = accounts === SIZES.at(-1) ? '' : `At${accounts}`
  for (const [name, value] of Object.entries(found)) metrics[`${name}${suffix}`] = value
  spread[`${accounts} accounts`] = { unit: 'ms', ...machine.block }
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
