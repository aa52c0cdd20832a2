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
import { accountAt, accountKey, applyTransfers, createTransfers, genesisChanges } from './apply/chain.ts'

const SIZES = [10_000, 100_000, 1_000_000]
const TRANSFERS = 5_000
const BLOCKS_PER_ROUND = 5
const ROUNDS = 10
const FILL_ACCOUNTS = 20_000
const random = createSeededRandom('ledger-apply')

type Apply = (view: StateView, height: number) => Changes

/** Fills a store, runs blocks over it, and opens it again with and without its checkpoint. */
async function measureOver(accounts: number) {
  const dir = await mkdtemp(join(tmpdir(), 'ledger-apply-'))
  try {
    let store = await openLedgerStore({ dir })
    const buildMs = await timed(() => fill(store, accounts))
    const transfers = createTransfers(random, accounts)
    const machine = await runRounds(store, () => {
      const transactions = transfers(TRANSFERS)
      return (view, height) => applyTransfers(view, height, transactions)
    })
    const alone = await runRounds(store, () => view => touchAccounts(view, accounts))
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

/**
 * Rounds of blocks, each prepared before its time begins and ended when its last block is on the disk: a node does
 * not hold minutes of transactions, which the collector would walk through here.
 */
async function runRounds({ state }: LedgerStore, prepare: () => Apply) {
  const blockMs: number[] = []
  let totalMs = 0
  let cpuUs = 0
  for (let round = 0; round <= ROUNDS; round++) {
    const blocks = Array.from({ length: BLOCKS_PER_ROUND }, prepare)
    const before = process.threadCpuUsage()
    const ms = await timed(async () => {
      for (const apply of blocks) {
        const height = state.height! + 1
        const changes = apply(state, height)
        await state.room()
        state.commit({ height, changes })
      }
      await state.room(0)
    })
    // The first warms up.
    if (round === 0) continue
    const { user, system } = process.threadCpuUsage(before)
    cpuUs += user + system
    totalMs += ms
    blockMs.push(ms / BLOCKS_PER_ROUND)
  }
  const transfers = ROUNDS * BLOCKS_PER_ROUND * TRANSFERS
  return {
    perSecond: transfers / (totalMs / 1e3),
    perCpuSecond: transfers / (cpuUs / 1e6),
    block: summarize(blockMs),
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
    costRatio: metrics[`txPerCpuSecondAt${SIZES[0]}`]! / metrics.txPerCpuSecond!,
  },
  targets: { txPerSecond: '>=20000', costRatio: '<=3' },
  spread,
})
