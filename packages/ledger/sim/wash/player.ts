import {
  bytesOf,
  channelId,
  channels,
  EXIT_UNIT,
  earnedOf,
  exitProgress,
  type Id,
  jobId,
  jobs,
  stakers,
  totalOf,
} from '@neurovoyance/ledger'
import {
  AccountsTransfer,
  type Action,
  ChannelsClose,
  ChannelsOpen,
  ChannelsRequestClose,
  ChannelsSettle,
  ChannelsTopUp,
  ChannelsWithdraw,
  ExitCancel,
  ExitClaim,
  ExitRequest,
  GrantsGive,
  JobsAccept,
  JobsPost,
  JobsRefund,
  RewardsClaim,
  StakingClaim,
  StakingDelegate,
  StakingUnbond,
  Voucher,
} from '@neurovoyance/protocol'
import { type Actor, others, own } from './cast.ts'
import { CHAIN, STAKER, type WashChain } from './chain.ts'
import type { Move } from './strategy.ts'

const NOTHING = new Uint8Array(32)
const SIGNATURE = new Uint8Array(64)
/** Steps in which a spray settles a channel: as many as one transaction has actions. */
const SPRAYED = 32

/** Coins that a washer put aside, for himself. */
export interface Escrow {
  readonly id: Id
  readonly from: Actor
  readonly to: Actor
}

/** What a washer has going. */
export interface Hand {
  readonly chain: WashChain
  /** Newest first. */
  readonly channels: Escrow[]
  readonly jobs: Escrow[]
  /** What sponsors gave him. */
  granted: bigint
}

const voucherAction = (channel: Id, cumulative: bigint): Action => ({
  kind: 'channels/settle',
  payload: ChannelsSettle.encode({
    voucher: {
      voucher: Voucher.encode({
        chainId: CHAIN,
        channelId: bytesOf(channel),
        cumulative,
        jobId: NOTHING,
        transcriptRoot: NOTHING,
      }),
      signature: SIGNATURE,
    },
  }),
})

/** A share of an amount; tiny shares are amounts by themselves. */
const partOf = (amount: bigint, share: number): bigint =>
  share < 1e-6 ? BigInt(Math.round(share * 1e9)) : (amount * BigInt(Math.round(share * 1e6))) / 1_000_000n

/** What an account can spend, less what the fees of some transactions may cost. */
function spendable(chain: WashChain, actor: Actor): bigint {
  const { purse } = chain.account(actor)
  const spare = totalOf(purse) - 200_000n
  return spare > 0n ? spare : totalOf(purse)
}

/** Makes a move; whether it had an effect. What the ledger refuses costs its fee. */
export function make(hand: Hand, move: Move): boolean {
  const { chain } = hand
  const from = own[move.from % own.length]!
  const to = own[move.to % own.length]!
  const channel = hand.channels[move.nth]
  const job = hand.jobs[move.nth]
  const validator = (move.nth % 2 === 0 ? STAKER : others.staker).key
  const ask = (actor: Actor, kind: string, payload: Uint8Array): boolean =>
    chain.ask(actor, [{ kind, payload }], BigInt(move.tip))
  switch (move.kind) {
    case 'wait':
      chain.block([], 1 + Math.round(move.share * 60_000))
      return true
    case 'waitEpoch':
      chain.block([], 86_400_000)
      return true
    case 'open': {
      const { nonce } = chain.account(from)
      const deposit = partOf(spendable(chain, from), move.share)
      const payload = ChannelsOpen.encode({ payee: bytesOf(to.id), signer: from.key, deposit, index: 0 })
      if (!ask(from, 'channels/open', payload)) return false
      const id = channelId({ chainId: CHAIN, account: from.id, nonce, index: 0 })
      hand.channels.unshift({ id, from, to })
      return true
    }
    case 'post': {
      const { nonce } = chain.account(from)
      const budget = partOf(spendable(chain, from), move.share)
      const deadlineMs = chain.timeMs + 1_000
      const posting = { description: NOTHING, budget, rounds: 1 + (move.nth % 3), deadlineMs, index: 0 }
      if (!ask(from, 'jobs/post', JobsPost.encode(posting))) return false
      hand.jobs.unshift({ id: jobId({ chainId: CHAIN, account: from.id, nonce, index: 0 }), from, to })
      return true
    }
    case 'transfer': {
      const amount = partOf(chain.account(from).purse.liquid - 200_000n, move.share)
      if (amount <= 0n) return false
      return ask(from, 'accounts/transfer', AccountsTransfer.encode({ to: bytesOf(to.id), amount }))
    }
    case 'bond': {
      const { liquid, earned } = chain.account(from).purse
      const coins = {
        liquid: partOf(liquid - 200_000n > 0n ? liquid - 200_000n : 0n, move.share),
        earned: partOf(
          earned.reduce((sum, { amount }) => sum + amount, 0n),
          move.share,
        ),
      }
      return ask(from, 'staking/delegate', StakingDelegate.encode({ validator, ...coins }))
    }
    case 'unbond':
    case 'unbondToExit': {
      const purse = stakers.get(chain.draft(), from.id)?.bonds[0]?.purse
      if (purse === undefined) return false
      const coins = { liquid: partOf(purse.liquid, move.share), earned: partOf(earnedOf(purse), move.share) }
      return ask(
        from,
        'staking/unbond',
        StakingUnbond.encode({ validator, ...coins, exit: move.kind === 'unbondToExit' }),
      )
    }
    case 'exit': {
      const amount = partOf(earnedOf(chain.account(from).purse), move.share)
      return ask(from, 'exit/request', ExitRequest.encode({ amount: amount - (amount % EXIT_UNIT) }))
    }
    case 'claimExit':
      return ask(from, 'exit/claim', ExitClaim.encode({}))
    case 'cancelExit': {
      const progress = exitProgress(chain.draft(), from.id).at(-1 - move.nth)
      if (progress === undefined) return false
      return ask(from, 'exit/cancel', ExitCancel.encode({ cohort: progress.cohort }))
    }
    case 'claimStake':
      return ask(from, 'staking/claim', StakingClaim.encode({}))
    case 'claim':
      return ask(from, 'rewards/claim', RewardsClaim.encode({ worker: bytesOf(to.id) }))
    case 'grant': {
      const amount = partOf(1_000_000_000n, move.share)
      const payload = GrantsGive.encode({ guest: bytesOf(to.id), amount })
      const given = chain.ask(others.sponsor, [{ kind: 'grants/give', payload }])
      if (given) hand.granted += amount
      return given
    }
    case 'accept': {
      const record = job && jobs.get(chain.draft(), job.id)
      if (job === undefined || record === undefined) return false
      const amount = partOf(totalOf(record.budget!), move.share)
      const round = Math.min(record.rounds, record.round + 1)
      const work = { job: bytesOf(job.id), round, worker: bytesOf(job.to.id), amount, result: NOTHING }
      return ask(job.from, 'jobs/accept', JobsAccept.encode(work))
    }
    case 'refund':
      if (job === undefined) return false
      chain.block([], 1_001)
      return ask(job.from, 'jobs/refund', JobsRefund.encode({ job: bytesOf(job.id) }))
    default:
      return channel !== undefined && makeInChannel(hand, move, channel)
  }
}

function makeInChannel({ chain }: Hand, move: Move, { id, from, to }: Escrow): boolean {
  const record = channels.get(chain.draft(), id)
  if (record === undefined) return false
  const channel = bytesOf(id)
  const ask = (actor: Actor, ...actions: Action[]): boolean => chain.ask(actor, actions, BigInt(move.tip))
  const amount = partOf(totalOf(record.deposit!), move.share)
  switch (move.kind) {
    case 'topUp': {
      const more = partOf(spendable(chain, from), move.share)
      return ask(from, { kind: 'channels/topUp', payload: ChannelsTopUp.encode({ channel, amount: more }) })
    }
    case 'settle':
      return ask(to, voucherAction(id, record.settled + amount))
    case 'spray': {
      const steps = Array.from({ length: SPRAYED }, (_, index) => BigInt(index + 1))
      const step = amount > BigInt(SPRAYED) && move.share > 1e-6 ? amount / BigInt(SPRAYED) : amount
      return ask(to, ...steps.map(nth => voucherAction(id, record.settled + nth * step)))
    }
    case 'close':
      return ask(to, { kind: 'channels/close', payload: ChannelsClose.encode({ channel }) })
    case 'requestClose':
      return ask(from, { kind: 'channels/requestClose', payload: ChannelsRequestClose.encode({ channel }) })
    case 'withdraw':
      return ask(from, { kind: 'channels/withdraw', payload: ChannelsWithdraw.encode({ channel }) })
    default:
      return false
  }
}

/** Pays out what stakers have coming, when the epoch is over. */
export function harvest(chain: WashChain): void {
  chain.block([], 86_400_000)
  for (const actor of own) {
    chain.ask(actor, [{ kind: 'staking/claim', payload: StakingClaim.encode({}) }])
  }
}

/**
 * What an account has, whatever its kind; coins that vest count in full, and so do those that are bonded or wait in the
 * exit queue.
 */
export function worthOf(chain: WashChain, actor: Actor): bigint {
  const { purse, vesting } = chain.account(actor)
  const { bonds = [], unbonding = [] } = stakers.get(chain.draft(), actor.id) ?? {}
  const staked = [...bonds, ...unbonding].reduce((sum, item) => sum + totalOf(item.purse!), 0n)
  const vests = vesting.reduce((sum, { remaining }) => sum + remaining, 0n)
  const queued = exitProgress(chain.draft(), actor.id).reduce(
    (sum, one) => sum + one.waiting + one.claimable,
    0n,
  )
  return totalOf(purse) + staked + vests + queued
}
