import { type Id, least } from '../../../src/index.js'
import type { Coins } from './payments-chain.js'

/** The rules that the model follows, with numbers small enough that all of them matter. */
export const RULES = {
  burn: 100_000n,
  stakers: 30_000n,
  treasury: 20_000n,
  mint: 90_000n,
  budget: 40n,
  immediate: 250_000n,
  epochMs: 86_400_000,
  leastDeposit: 20n,
  leastTopUp: 10n,
  leastStep: 5n,
  graceMs: 600_000,
  leastBudget: 20n,
  leastPayment: 5n,
  mostRounds: 10,
  mostDurationMs: 5 * 86_400_000,
  mostPerGuest: 300n,
  mostPerEpoch: 400n,
} as const

/** Coins put aside, by kind. */
export type Kinds = Pick<Coins, 'granted' | 'earned' | 'liquid'>

export interface ModelChannel {
  payer: Id
  payee: Id
  left: Kinds
  settled: bigint
  closingMs: number | undefined
}

export interface ModelJob {
  poster: Id
  acceptor: Id
  left: Kinds
  released: bigint
  rounds: number
  round: number
  deadlineMs: number
}

export const sumOf = ({ granted, earned, liquid }: Kinds): bigint => granted + earned + liquid

/** What the modules about payments are expected to do, said again as plainly as possible. */
export class PaymentsModel {
  readonly channels = new Map<Id, ModelChannel>()
  readonly jobs = new Map<Id, ModelJob>()
  readonly epochs = new Map<number, { allowance: bigint }>()
  readonly workers = new Map<Id, { epoch: number; allowance: bigint }>()
  readonly received = new Map<Id, bigint>()
  readonly given = new Map<number, bigint>()
  sponsored: bigint
  burnt = 0n
  minted = 0n
  stakers = 0n
  treasury = 0n
  nowMs = 0
  /** What everybody has at `nowMs`; the test sets it before each step, since coins vest as time goes by. */
  wallets = new Map<Id, Coins>()

  constructor(sponsored: bigint) {
    this.sponsored = sponsored
  }

  get epoch(): number {
    return Math.floor(this.nowMs / RULES.epochMs)
  }

  get escrow(): bigint {
    const all = [...this.channels.values(), ...this.jobs.values()]
    return all.reduce((sum, { left }) => sum + sumOf(left), 0n)
  }

  wallet(id: Id): Coins {
    const known = this.wallets.get(id)
    if (known === undefined) throw new Error(`the model does not know ${id}`)
    return known
  }

  /** Takes granted coins first, then earned, then liquid ones; `undefined` where there are too few. */
  take(from: Kinds, amount: bigint): Kinds | undefined {
    if (sumOf(from) < amount) return undefined
    const taken = { granted: 0n, earned: 0n, liquid: 0n }
    for (const kind of ['granted', 'earned', 'liquid'] as const) {
      const part = least(from[kind], amount - sumOf(taken))
      taken[kind] = part
      from[kind] -= part
    }
    return taken
  }

  give(to: Kinds, coins: Kinds): void {
    for (const kind of ['granted', 'earned', 'liquid'] as const) to[kind] += coins[kind]
  }

  /** Pays a worker: a tenth is burnt, and so on. */
  pay(worker: Id, amount: bigint): void {
    const burnt = (amount * RULES.burn + 999_999n) / 1_000_000n
    const stakers = (amount * RULES.stakers) / 1_000_000n
    const treasury = (amount * RULES.treasury) / 1_000_000n
    this.burnt += burnt
    this.stakers += stakers
    this.treasury += treasury
    this.wallet(worker).earned += amount - burnt - stakers - treasury
    const allowance = (amount * RULES.mint) / 1_000_000n
    if (allowance === 0n) return
    const before = this.workers.get(worker)
    if (before !== undefined && before.epoch < this.epoch) this.reward(worker)
    const mine = this.workers.get(worker)?.allowance ?? 0n
    this.workers.set(worker, { epoch: this.epoch, allowance: mine + allowance })
    const all = this.epochs.get(this.epoch)?.allowance ?? 0n
    this.epochs.set(this.epoch, { allowance: all + allowance })
  }

  /** Mints what a worker has coming. */
  reward(worker: Id): void {
    const { epoch, allowance } = this.workers.get(worker)!
    const all = this.epochs.get(epoch)!.allowance
    const minted = (least(all, RULES.budget) * allowance) / all
    const immediate = (minted * RULES.immediate) / 1_000_000n
    this.workers.delete(worker)
    this.minted += minted
    this.wallet(worker).earned += immediate
    this.wallet(worker).vesting += minted - immediate
  }
}
