import {
  accountOf,
  channels,
  type Draft,
  type ExitProgress,
  earnedOf,
  epochAt,
  epochId,
  epochRewards,
  exitProgress,
  idOf,
  least,
  type Machine,
  MONTH_MS,
  nodes,
  parametersOf,
  stakeView,
  totalOf,
  tributeOf,
  workerRewards,
} from '@neurovoyance/ledger'
import { formatAddress, type Purse, parseAddress } from '@neurovoyance/protocol'

/** Base units by what they are. */
export interface Balances {
  /** May be given to anybody. */
  readonly liquid: bigint
  /** Earned in the network: spent in it at once, bonded, or turned into liquid ones slowly. */
  readonly earned: bigint
  /** Of a grant: spent in the network and nothing else. */
  readonly granted: bigint
  /** Become earned ones bit by bit. */
  readonly vesting: bigint
  /** Behind validators and nodes. */
  readonly bonded: bigint
  /** On their way back from there. */
  readonly unbonding: bigint
  /** In the exit queue. */
  readonly queued: bigint
  /** In channels that were asked for. */
  readonly escrow: bigint
}

/** Earned coins of one age. */
export interface EarnedLot {
  readonly amount: bigint
  /** Ledger time from which on they count as held: the beginning of their month of 30 days. */
  readonly heldSinceMs: number
  /** What would be burnt of them if they entered the exit queue now. */
  readonly tribute: bigint
}

/** Coins that become earned ones until a time, evenly. */
export interface VestingLot {
  readonly amount: bigint
  readonly endsMs: number
}

/** Coins by how they came in. */
export interface StakedCoins {
  readonly liquid: bigint
  readonly earned: bigint
}

/** Coins behind a validator. */
export interface BondedCoins extends StakedCoins {
  /** The validator's key, hexadecimal. */
  readonly validator: string
  /** Earned coins that a claim pays out. */
  readonly reward: bigint
}

/** Coins on their way back. */
export interface UnbondingCoins extends StakedCoins {
  readonly endsMs: number
  /** Whether the earned ones go on into the exit queue then. */
  readonly exit: boolean
}

/** A channel that the account pays from. */
export interface ChannelCoins {
  readonly channel: string
  /** Address of who is paid. */
  readonly payee: string
  /** What is left of the deposit. */
  readonly deposit: bigint
  readonly settled: bigint
  /** Ledger time at which its end was asked for. */
  readonly closeRequestedAtMs?: number
}

/** Coins that are minted for paid work. */
export interface WorkRewards {
  /** What a claim mints now: the epoch of the work is over. A part is earned at once, the rest vests. */
  readonly due: bigint
  /** Whether there is work of an epoch that is not over: what it brings is not known yet. */
  readonly isRunning: boolean
}

/** A node that the account answers for. */
export interface OwnNode {
  /** Its network key, hexadecimal. */
  readonly node: string
  /** Its stake, in base units; part of what is bonded. */
  readonly stake: bigint
  /** Whether it works no more, and its stake comes back. */
  readonly retired: boolean
}

/** What an account has, and when it frees. */
export interface AccountView {
  readonly address: string
  /** Transactions made. */
  readonly nonce: number
  /** Ledger time as of which this is. */
  readonly timeMs: number
  readonly balances: Balances
  /** The sum of all balances. */
  readonly total: bigint
  /** Rewards of bonds that a claim pays out; in no balance yet. */
  readonly rewards: bigint
  /** What paid work brought beside its payment, and nobody has claimed yet; in no balance yet. */
  readonly work: WorkRewards
  /** Oldest first. */
  readonly earned: readonly EarnedLot[]
  /** Soonest first. */
  readonly vesting: readonly VestingLot[]
  readonly bonds: readonly BondedCoins[]
  readonly unbonding: readonly UnbondingCoins[]
  /** Requests in the exit queue, oldest first. */
  readonly exits: readonly ExitProgress[]
  readonly channels: readonly ChannelCoins[]
  /** Of the nodes that were asked about. */
  readonly nodes: readonly OwnNode[]
}

/** What an account view is of. */
export interface AccountQuery {
  /** `nv1…` */
  readonly address: string
  /** The ledger's time. */
  readonly timeMs: number
  readonly machine: Machine
  /** Channels of the account, hexadecimal: the state has no list of them, who opens one keeps its id. */
  readonly channels?: readonly string[]
  /** Network keys of its nodes, hexadecimal: likewise. */
  readonly nodes?: readonly string[]
}

/**
 * What an account has, by the ledger's own rules. Over one's own state directly, over a chain from afar by
 * `readState`.
 *
 * @throws ProtocolError for an address that is none
 */
export function viewAccount(draft: Draft, query: AccountQuery): AccountView {
  const { address, timeMs, machine } = query
  const id = idOf(parseAddress(address))
  const parameters = parametersOf(machine, draft)
  const account = accountOf({ draft, timeMs }, id)
  const stake = stakeView(draft, id)
  const exits = exitProgress(draft, id)
  const staked = stakesOf(draft, query, id)
  const open = channelsOf(draft, query, id)
  const bonds = stake.bonds.map(({ validator, purse, reward }) => ({ validator, ...coinsOf(purse), reward }))
  const unbonding = [...stake.unbonding, ...staked.unbonding].map(({ purse, endsMs, exit }) => ({
    ...coinsOf(purse),
    endsMs,
    exit,
  }))
  const balances = {
    liquid: account.purse.liquid,
    earned: earnedOf(account.purse),
    granted: account.purse.granted,
    vesting: sum(account.vesting, ({ remaining }) => remaining),
    bonded: sum(stake.bonds, ({ purse }) => totalOf(purse)) + staked.bonded,
    unbonding: sum(unbonding, ({ liquid, earned }) => liquid + earned),
    queued: sum(exits, ({ amount, paid }) => amount - paid),
    escrow: sum(open, ({ deposit }) => deposit),
  }
  return {
    address,
    nonce: account.nonce,
    timeMs,
    balances,
    total: Object.values(balances).reduce((all, part) => all + part, 0n),
    rewards: sum(bonds, ({ reward }) => reward),
    work: workOf(draft, id, epochAt({ parameters }, timeMs)),
    earned: account.purse.earned.map(lot => ({
      amount: lot.amount,
      heldSinceMs: lot.month * MONTH_MS,
      tribute: tributeOf({ parameters, timeMs }, [lot]),
    })),
    vesting: account.vesting.map(({ remaining, endsMs }) => ({ amount: remaining, endsMs })),
    bonds,
    unbonding,
    exits,
    channels: open,
    nodes: staked.nodes,
  }
}

/** By the rule of `rewards/claim`. */
function workOf(draft: Draft, account: string, now: number): WorkRewards {
  const mine = workerRewards.get(draft, account)
  if (mine === undefined || mine.epoch === now) return { due: 0n, isRunning: mine !== undefined }
  const all = epochRewards.get(draft, epochId(mine.epoch))
  const minted = all && (least(all.budget, all.allowance) * mine.allowance) / all.allowance
  return { due: minted ?? 0n, isRunning: false }
}

/** What nodes of the account have at stake. */
function stakesOf(draft: Draft, { nodes: keys = [] }: AccountQuery, account: string) {
  const mine = keys.flatMap(node => {
    const record = nodes.get(draft, node)
    if (record === undefined || idOf(record.owner) !== account) return []
    const { stake, retired, unbonding } = record
    return [{ node, stake: stake === undefined ? 0n : totalOf(stake), retired, unbonding }]
  })
  return {
    nodes: mine.map(({ node, stake, retired }) => ({ node, stake, retired })),
    bonded: sum(mine, ({ stake }) => stake),
    unbonding: mine.flatMap(({ unbonding }) =>
      unbonding.map(({ purse, endsMs }) => ({ purse: purse!, endsMs, exit: false })),
    ),
  }
}

function channelsOf(draft: Draft, { channels: ids = [] }: AccountQuery, account: string): ChannelCoins[] {
  return ids.flatMap(channel => {
    const record = channels.get(draft, channel)
    if (record === undefined || idOf(record.payer) !== account) return []
    const { payee, deposit, settled, closeRequestedAtMs } = record
    return [
      {
        channel,
        payee: formatAddress(payee),
        deposit: deposit === undefined ? 0n : totalOf(deposit),
        settled,
        ...(closeRequestedAtMs !== undefined && { closeRequestedAtMs }),
      },
    ]
  })
}

const coinsOf = (purse: Purse): StakedCoins => ({ liquid: purse.liquid, earned: earnedOf(purse) })

const sum = <Item>(items: readonly Item[], amountOf: (item: Item) => bigint): bigint =>
  items.reduce((total, item) => total + amountOf(item), 0n)
