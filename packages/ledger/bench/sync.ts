/**
 * How fast a new node catches up with a busy chain: from its first question for blocks until the last of them is on its
 * disk. Blocks of signed transfers come from a peer in memory (no network in between), and go through all that a node
 * does with them: block sync, commits, signatures, the state machine, the state's root, the disk. Once with every signature verified; once below a height that a light client verified, where
 * the commits are checked and transactions' signatures are not. The two take turns. `…PerCpuSecond` counts the time of
 * the thread that applies blocks, so that what else runs on the machine does not come into it.
 *
 * Then state sync: a snapshot of a million accounts, from headers that a light client verifies to a store that a node
 * can be started on. The snapshot lies on this disk: how long it travels is the network's.
 */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { soleKey, zip215 } from '@neurovoyance/ledger'
import { anchorFromGenesis } from '@neurovoyance/ledger/light'
import {
  exportSnapshot,
  nativeVerifier,
  openChain,
  openLedgerStore,
  stateSync,
  type TrustedBlock,
} from '@neurovoyance/ledger/node'
import { Account, SnapshotRotation } from '@neurovoyance/protocol'
import { report, summarize } from '@neurovoyance/testing/bench'
import { BusyChain, CHAIN, START_MS } from './sync/busy-chain.ts'
import { peerWith } from './sync/peer.ts'

const SENDERS = 5_000
const TRANSFERS = 2_000
const BLOCKS = 32
const ROUNDS = 3
const ACCOUNTS = 1_000_000

/** Transactions that a new node takes in: a second, and a second of the processor's time of its one thread. */
async function catchUp(
  chain: BusyChain,
  trustedTo: TrustedBlock | undefined,
): Promise<{ perSecond: number; perCpuSecond: number }> {
  const dir = await mkdtemp(join(tmpdir(), 'ledger-sync-'))
  try {
    let before = process.threadCpuUsage()
    let startMs = performance.now()
    const onAsked = (): void => {
      before = process.threadCpuUsage()
      startMs = performance.now()
    }
    const node = await openChain({
      dir,
      genesis: chain.genesis,
      network: peerWith(chain, { onAsked }).network(),
      settings: { trustedTo },
    })
    const { promise, resolve } = Promise.withResolvers<void>()
    const stop = node.onBlock(({ height }) => height === chain.height && resolve())
    if (node.head().height < chain.height) await promise
    const seconds = (performance.now() - startMs) / 1e3
    const { user, system } = process.threadCpuUsage(before)
    stop()
    if (Buffer.compare(node.head().stateRoot, chain.tree.root()) !== 0) throw new Error('another state')
    await node.close()
    const transactions = BLOCKS * TRANSFERS
    return { perSecond: transactions / seconds, perCpuSecond: transactions / ((user + system) / 1e6) }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** Milliseconds from nothing to a store with the state of a chain with so many accounts, and the snapshot's bytes. */
async function syncState(count: number) {
  const root = await mkdtemp(join(tmpdir(), 'ledger-state-sync-'))
  try {
    const chain = new BusyChain(8)
    const account = Account.encode({
      nonce: 3,
      keys: soleKey(new Uint8Array(32).fill(1)),
      purse: { liquid: 1_000_000_000n, earned: [], granted: 0n },
      vesting: [],
    })
    chain.fill(count, account)
    const rotations: ReturnType<typeof rotationOf>[] = []
    chain.grow(1)
    rotations.push(rotationOf(chain))
    const folder = join(root, 'snapshot')
    const snapshot = await snapshotOf(chain, join(root, 'old'), folder, rotations[0]!)
    for (let block = 0; block < 8; block++) chain.grow(1)
    const peer = peerWith(chain, { snapshots: [{ height: 1, cid: CID, bytes: snapshot }] })
    const startMs = performance.now()
    const synced = await stateSync({
      dir: join(root, 'new'),
      genesis: chain.genesis,
      anchor: anchorFromGenesis(chain.genesis),
      rules: {
        chainId: CHAIN,
        trustingPeriodMs: 24 * 3_600_000,
        clockDriftMs: 10_000,
        verify: zip215(nativeVerifier()),
      },
      peers: [peer.peerId],
      call: peer.call,
      artifacts: {
        add: () => Promise.reject(new Error('nothing is added here')),
        fetch: async () => ({ path: folder }),
        remove: async () => {},
      },
      now: () => START_MS + 60_000,
    })
    const ms = performance.now() - startMs
    if (synced.height !== 1) throw new Error('another height')
    return { ms, bytes: snapshot }
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

const CID = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'

/** The rotation after the last block, as snapshots carry it. */
function rotationOf(chain: BusyChain): Uint8Array {
  const { validators, nextValidators } = chain.beginning
  const entries = ({ validators: members }: typeof validators) =>
    members.map(({ id, power, priority }) => ({
      validator: Buffer.from(id, 'hex'),
      power,
      ahead: priority > 0n ? priority : 0n,
      behind: priority < 0n ? -priority : 0n,
    }))
  return SnapshotRotation.encode({
    height: chain.height,
    validators: entries(validators),
    nextValidators: entries(nextValidators),
  })
}

/** Makes a snapshot of a chain's state; its bytes. */
async function snapshotOf(
  chain: BusyChain,
  dir: string,
  folder: string,
  rotation: Uint8Array,
): Promise<number> {
  const store = await openLedgerStore({ dir })
  store.state.commit({ height: chain.height, changes: new Map(chain.entries()) })
  await exportSnapshot(store.state, { dir: folder, beside: () => ({ rotation }) })
  await store.close()
  const sizes = await Promise.all(
    (await readdir(folder)).map(async name => (await stat(join(folder, name))).size),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

const chain = new BusyChain(SENDERS)
for (let block = 0; block < BLOCKS; block++) chain.grow(TRANSFERS)
const verified: Awaited<ReturnType<typeof catchUp>>[] = []
const trusted: typeof verified = []
// the first of each warms up
for (let round = 0; round <= ROUNDS; round++) {
  const all = await catchUp(chain, undefined)
  const below = await catchUp(chain, { height: chain.height, blockId: chain.blockId })
  if (round === 0) continue
  verified.push(all)
  trusted.push(below)
}
const state = await syncState(ACCOUNTS)
const [every, below] = [verified, trusted].map(all => summarize(all.map(({ perSecond }) => perSecond))) as [
  ReturnType<typeof summarize>,
  ReturnType<typeof summarize>,
]
const cpu = (all: typeof verified): number => summarize(all.map(({ perCpuSecond }) => perCpuSecond)).p50
report({
  bench: 'sync',
  metrics: {
    txPerSecond: every.p50,
    txPerSecondBelowTrusted: below.p50,
    txPerCpuSecond: cpu(verified),
    txPerCpuSecondBelowTrusted: cpu(trusted),
    stateSyncSeconds: state.ms / 1e3,
    stateSyncAccounts: ACCOUNTS,
    snapshotMB: state.bytes / 1e6,
    blocks: BLOCKS,
    transactionsPerBlock: TRANSFERS,
    load: loadavg()[0]!,
  },
  targets: { txPerSecond: '>=5000', txPerSecondBelowTrusted: '>=15000', stateSyncSeconds: '<60' },
  spread: { verified: { unit: 'tx/s', ...every }, belowTrusted: { unit: 'tx/s', ...below } },
})
