import {
  bytesOf,
  channelId,
  channels,
  epochId,
  epochRewards,
  heldOf,
  type Id,
  jobs,
  least,
  totalOf,
  workerRewards,
} from '@neurovoyance/ledger'
import { ChannelsOpen, ChannelsSettle, Voucher } from '@neurovoyance/protocol'
import { createSeededRandom } from '@neurovoyance/testing/network'
import { others, own } from './cast.ts'
import { CHAIN, STAKER, WashChain } from './chain.ts'
import { type Hand, harvest, make, worthOf } from './player.ts'
import type { Rules } from './rules.ts'
import type { Move, Strategy } from './strategy.ts'

/** What became of a strategy. */
export interface Played {
  /** What the washer has in the end beyond what he had and what sponsors gave him; below zero where he lost. */
  readonly gain: bigint
  /** What he paid himself, and in how many payments. */
  readonly washed: bigint
  readonly payments: number
  /** What sponsors gave him. */
  readonly granted: bigint
  /** Moves that had an effect, by kind. */
  readonly made: Readonly<Record<string, number>>
}

/**
 * Plays a strategy on a new ledger. Where there are no validators, somebody else pays honestly every now and then;
 * where there are, he does not: what stakers get from him is no gain of washing.
 */
export function play(rules: Rules, strategy: Strategy): Played {
  const chain = new WashChain(rules)
  const random = createSeededRandom('proposers')
  const hand: Hand = { chain, channels: [], jobs: [], granted: 0n }
  const honest = openHonestChannel(chain)
  const made: Record<string, number> = {}
  let honestShare = heldOf(chain.draft(), 'stakers')
  let paid = 0n
  const stakeShare = rules.validators ? 0 : rules.stakeShare
  const start = worth(hand, stakeShare, honestShare)
  for (const move of strategy) {
    chain.proposer = random.chance(rules.stakeShare) ? STAKER : others.staker
    if (isPause(move) && !rules.validators) {
      const before = heldOf(chain.draft(), 'stakers')
      paid += 1_000_000_000n
      payHonestly(chain, honest, paid)
      honestShare += heldOf(chain.draft(), 'stakers') - before
    }
    if (make(hand, move)) made[move.kind] = (made[move.kind] ?? 0) + 1
  }
  if (rules.validators) harvest(chain)
  return {
    gain: worth(hand, stakeShare, honestShare) - start - hand.granted,
    washed: chain.washed,
    payments: chain.payments,
    granted: hand.granted,
    made,
  }
}

const isPause = ({ kind }: Move): boolean => kind === 'wait' || kind === 'waitEpoch'

/**
 * All that a washer has: his accounts, what he put aside, what is about to be minted for him, and of the stakers'
 * coins his share of those that did not come from honest payments.
 */
function worth(
  { chain, channels: open, jobs: posted }: Hand,
  stakeShare: number,
  honestShare: bigint,
): bigint {
  const draft = chain.draft()
  let sum = own.reduce((all, actor) => all + worthOf(chain, actor), 0n)
  for (const { id } of open) sum += totalOf(channels.get(draft, id)?.deposit ?? EMPTY)
  for (const { id } of posted) sum += totalOf(jobs.get(draft, id)?.budget ?? EMPTY)
  for (const { id } of own) sum += dueTo(chain, id)
  const washed = heldOf(draft, 'stakers') - honestShare
  return sum + (washed * BigInt(Math.floor(stakeShare * 1e6))) / 1_000_000n
}

const EMPTY = { liquid: 0n, earned: [], granted: 0n }

/** What is minted for a worker when the epoch is over, if nobody else worked from now on. */
function dueTo(chain: WashChain, worker: Id): bigint {
  const draft = chain.draft()
  const mine = workerRewards.get(draft, worker)
  const all = mine && epochRewards.get(draft, epochId(mine.epoch))
  if (mine === undefined || all === undefined) return 0n
  const minted = least(all.budget, all.allowance)
  return (minted * mine.allowance) / all.allowance
}

function openHonestChannel(chain: WashChain): Id {
  const { client, worker } = others
  const { nonce } = chain.account(client)
  const opening = { payee: bytesOf(worker.id), signer: client.key, deposit: 500_000_000_000n, index: 0 }
  chain.ask(client, [{ kind: 'channels/open', payload: ChannelsOpen.encode(opening) }])
  return channelId({ chainId: CHAIN, account: client.id, nonce, index: 0 })
}

function payHonestly(chain: WashChain, channel: Id, cumulative: bigint): void {
  const voucher = Voucher.encode({
    chainId: CHAIN,
    channelId: bytesOf(channel),
    cumulative,
    jobId: new Uint8Array(32),
    transcriptRoot: new Uint8Array(32),
  })
  const payload = ChannelsSettle.encode({ voucher: { voucher, signature: new Uint8Array(64) } })
  chain.ask(others.client, [{ kind: 'channels/settle', payload }])
}
