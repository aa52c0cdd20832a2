/**
 * Transactions that four validators commit in a second, each a process on this machine: the embedded engine over libp2p
 * against the same state machine under a real CometBFT. 70% are transfers, 30% settle vouchers of payment channels, and
 * each is sent by another of 10⁵ accounts, a fifth of them at each point of the sweep and for finality; all are signed
 * beforehand, and every validator checks every signature.
 *
 * Both engines are swept over the size of blocks and the time between them, and each is taken at its best. Finality is
 * the time from a transaction's sending to the commit of its block at the first validator, at half of that rate.
 */
import { setTimeout as after } from 'node:timers/promises'
import { report, type Summary, summarize } from '@neurovoyance/testing/bench'
import { cometKey, findComet } from '@neurovoyance/testing/comet'
import { type Network, type StartNetwork, startComet, startEmbedded } from './_ledger-networks.ts'
import { nameOf, type Pace } from './_ledger-wire.ts'
import { type Load, makeWorld, validatorSeed } from './_ledger-world.ts'

const SENDERS = 100_000
const FINALITY_SECONDS = 10
const NODES = 4
const TICK_MS = 50
/** Transactions that wait while the throughput is measured, and how many are committed before more are sent. */
const WAITING = 3_000
const REFILL = 200
/** A network that committed too little by then lost something. */
const PATIENCE_MS = 120_000
const VALIDATORS = Array.from({ length: NODES }, (_, index) => cometKey(validatorSeed(index)).publicKey)

const SWEEP: readonly Pace[] = [
  { commitMs: 0, blockWeight: 1_000_000 },
  { commitMs: 200, blockWeight: 1_000_000 },
  { commitMs: 0, blockWeight: 4_000_000 },
  { commitMs: 500, blockWeight: 4_000_000 },
]

/** Follows what a network commits. */
class Progress {
  readonly #seen = new Map<string, number>()
  #waiting: { count: number; resolve: () => void } | undefined

  constructor(network: Network) {
    network.onCommit(names => {
      const nowMs = performance.now()
      for (const name of names) this.#seen.set(name, nowMs)
      if (this.#waiting !== undefined && this.#seen.size >= this.#waiting.count) this.#waiting.resolve()
    })
  }

  /** Resolves when so many were committed. */
  async reached(count: number): Promise<void> {
    if (this.#seen.size >= count) return
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting = { count, resolve }
    const late = setTimeout(
      () => reject(new Error(`${this.#seen.size} of ${count} transactions were committed`)),
      PATIENCE_MS,
    )
    await promise.finally(() => clearTimeout(late))
  }

  /** Transactions that were committed. */
  get count(): number {
    return this.#seen.size
  }

  /** When a transaction was committed. */
  at(name: string): number {
    return this.#seen.get(name)!
  }
}

/** A network with its channels open. */
async function begin(start: StartNetwork, { setup }: Load, pace: Pace) {
  const network = await start(
    { ...world.genesis, timeMs: Date.now() - 1_000, parameters: weights(pace) },
    pace,
  )
  const progress = new Progress(network)
  await feed(network, progress, setup)
  return { network, progress }
}

const weights = ({ blockWeight }: Pace) => ({
  'fees/blockWeight': String(blockWeight),
  'fees/targetWeight': String(blockWeight),
})

/** What is committed in a second. */
async function throughput(start: StartNetwork, load: Load, pace: Pace): Promise<number> {
  const { network, progress } = await begin(start, load, pace)
  try {
    const startMs = performance.now()
    await feed(network, progress, load.transactions)
    return load.transactions.length / ((performance.now() - startMs) / 1000)
  } finally {
    await network.stop()
  }
}

/** Keeps some of these waiting until all are committed. */
async function feed(network: Network, progress: Progress, transactions: readonly Uint8Array[]) {
  const before = progress.count
  for (let sent = 0; sent < transactions.length; ) {
    const due = Math.min(transactions.length, progress.count - before + WAITING)
    await spread(network, transactions.slice(sent, due), sent)
    sent = Math.max(sent, due)
    await progress.reached(before + Math.min(transactions.length, sent - WAITING + REFILL))
  }
  await progress.reached(before + transactions.length)
}

/** Gives each node its share of transactions, of which `first` were given before. */
async function spread(network: Network, transactions: readonly Uint8Array[], first: number): Promise<void> {
  const shares = VALIDATORS.map((_, node) =>
    transactions.filter((_, index) => Math.floor((first + index) / 10) % NODES === node),
  )
  await Promise.all(shares.map((share, node) => network.submit(node, share)))
}

/** Sends at a steady rate: milliseconds from the sending of each to its commit. */
async function finality(start: StartNetwork, load: Load, pace: Pace, perSecond: number): Promise<number[]> {
  const count = Math.min(load.transactions.length, Math.floor(perSecond * FINALITY_SECONDS))
  const { network, progress } = await begin(start, load, pace)
  try {
    const startMs = performance.now()
    const sentAt: number[] = []
    const sending: Promise<void>[] = []
    while (sentAt.length < count) {
      const nowMs = performance.now()
      const due = Math.min(count, Math.ceil(((nowMs - startMs) / 1000) * perSecond) + 1)
      const now = load.transactions.slice(sentAt.length, due)
      VALIDATORS.forEach((_, node) => {
        const own = now.filter((_, index) => (sentAt.length + index) % NODES === node)
        if (own.length > 0) sending.push(network.submit(node, own))
      })
      for (const _ of now) sentAt.push(nowMs)
      await after(TICK_MS)
    }
    await progress.reached(load.setup.length + count)
    await Promise.all(sending)
    return sentAt.map((at, index) => progress.at(nameOf(load.transactions[index]!)) - at)
  } finally {
    await network.stop()
  }
}

/** An engine, and the best that it did. */
class Contender {
  readonly name: string
  readonly start: StartNetwork
  perSecond = 0
  pace: Pace = SWEEP[0]!

  constructor(name: string, start: StartNetwork) {
    this.name = name
    this.start = start
  }

  async tryAt(load: Load, pace: Pace): Promise<void> {
    const perSecond = await throughput(this.start, load, pace)
    const how = `${pace.commitMs} ms between blocks of ${pace.blockWeight} weight`
    console.log(`${this.name}: ${perSecond.toFixed(0)}/s with ${how}`)
    if (perSecond <= this.perSecond) return
    this.perSecond = perSecond
    this.pace = pace
  }

  async finality(load: Load): Promise<Summary> {
    const summary = summarize(await finality(this.start, load, this.pace, this.perSecond / 2))
    console.log(`${this.name}: finality p50 ${summary.p50.toFixed(0)} ms, p99 ${summary.p99.toFixed(0)} ms`)
    return summary
  }
}

const world = await makeWorld({ validators: VALIDATORS, senders: SENDERS, loads: SWEEP.length + 1 })
const embedded = new Contender('embedded', startEmbedded)
const binary = await findComet()
const comet = binary === undefined ? undefined : new Contender('CometBFT', startComet(binary))
if (comet === undefined) console.log('no comparison: there is no cometbft here, and no Go to build it with')
for (const [point, pace] of SWEEP.entries()) {
  await embedded.tryAt(world.loads[point]!, pace)
  await comet?.tryAt(world.loads[point]!, pace)
}
const rest = world.loads[SWEEP.length]!
const ours = await embedded.finality(rest)
const theirs = await comet?.finality(rest)

report({
  bench: 'ledger',
  metrics: {
    txPerSecond: embedded.perSecond,
    p50Ms: ours.p50,
    p99Ms: ours.p99,
    ...(comet !== undefined &&
      theirs !== undefined && {
        ratio: embedded.perSecond / comet.perSecond,
        cometTxPerSecond: comet.perSecond,
        cometP50Ms: theirs.p50,
        cometP99Ms: theirs.p99,
      }),
  },
  targets: { txPerSecond: '>=1000', p50Ms: '<=1000', ...(comet && { ratio: '>=1' as const }) },
  spread: {
    embedded: { unit: 'ms', ...ours },
    ...(theirs && { CometBFT: { unit: 'ms', ...theirs } }),
  },
})
