import type { ChannelRules } from '@neurovoyance/client/pay'
import {
  bytesOf,
  type ChainAccess,
  checkVoucher,
  idOf,
  openVoucher,
  type Verify,
  voucherChannel,
} from '@neurovoyance/ledger'
import {
  ChannelRecord,
  type Charge,
  type Clock,
  errorCode,
  type Payment,
  type SignedVoucher,
  type TillRecord,
} from '@neurovoyance/protocol'
import { type AwaitedChannels, awaitChannels } from './awaited-channels.js'
import { type Faults, oneMore } from './core/faults.js'
import { type Charged, charge, deliver, refund, type TillChannel, unredeemed } from './core/till.js'
import type { TillJournal } from './journal.js'
import { paused, paymentRefused } from './refusals.js'

/** What a till works with. */
export interface NodeTillInit {
  access: Pick<ChainAccess, 'chainId' | 'get'>
  /** The account that channels have to pay. */
  payee: string
  rules: ChannelRules
  verify: Verify
  journal: TillJournal
  /** What an earlier run wrote. */
  records: ReadonlyMap<string, TillRecord>
  clock: Clock
  /** Channels that are looked after at a time. */
  maxChannels?: number
}

/** A charge that was made, before the work is done. */
export interface ChargedWork {
  readonly charge: Charge
  /** Resolves when it is on disk: nothing may be delivered before. */
  readonly durable: Promise<void>
  /** Gives it back, where nothing is delivered. */
  refund(): void
  /** Keeps it. What is neither given back nor kept when the process ends is given back when it begins again. */
  keep(): void
}

/** A channel with the voucher that is worth the most. */
export interface HeldChannel {
  readonly channel: TillChannel
  readonly voucher: SignedVoucher | undefined
  /** Peer that has shown that it pays the channel, last. */
  readonly payer?: string | undefined
}

const MAX_CHANNELS = 10_000
/** Peers whose faults are remembered. */
const MAX_FAULTY = 1_000

/** What a node is paid: its channels, in memory and in a journal. */
export class NodeTill {
  readonly #init: NodeTillInit
  readonly #held = new Map<string, HeldChannel>()
  readonly #opening = new Map<string, Promise<void>>()
  readonly #awaited: AwaitedChannels
  /** What an earlier run wrote of channels that were not taken up yet. */
  readonly #kept: Map<string, TillRecord>
  readonly #faults = new Map<string, Faults>()
  readonly #totals = { earned: 0n, vouchers: 0, refused: 0 }

  constructor(init: NodeTillInit) {
    this.#init = init
    this.#awaited = awaitChannels(init)
    this.#kept = new Map(init.records)
  }

  /** Takes up the channels of an earlier run, as the ledger has them now; those that paid another wallet are left as they are. */
  async restore(): Promise<void> {
    const ids = [...this.#kept.keys()]
    await Promise.all(
      ids.map(id =>
        this.#open(id).catch(error => {
          if (errorCode(error) !== 'NODE_PAYMENT_REFUSED') throw error
        }),
      ),
    )
  }

  list(): HeldChannel[] {
    return [...this.#held.values()]
  }

  get(id: string): HeldChannel | undefined {
    return this.#held.get(id)
  }

  /** What was charged, vouchers taken, and requests refused, since the start. */
  totals(): { earned: bigint; vouchers: number; refused: number } {
    return { ...this.#totals }
  }

  /**
   * Charges a channel, if what it pays covers that.
   *
   * @param from peer that asks
   * @returns the channel after it, with what is wrong, or the charge
   * @throws NodeError `NODE_PAYMENT_REFUSED` for a channel that is not there or pays somebody else
   */
  async charge(
    payment: Payment,
    { units, due }: { units: bigint; due: bigint },
    from: string,
  ): Promise<{ held: HeldChannel; charged: ChargedWork | undefined; problem: Charged['problem'] }> {
    const id = idOf(payment.channel)
    if (!this.#held.has(id)) await this.#takeUp(id, from)
    const nowMs = this.#init.clock.monotonicMs()
    if (nowMs < (this.#faults.get(from)?.pausedUntilMs ?? 0)) throw paused()
    let result = this.#charge(id, payment, due, from)
    if (isOverDeposit(result) && (await this.#toppedUp(id, payment, from))) {
      result = this.#charge(id, payment, due, from)
    }
    const { channel, voucher, problem } = result
    const held = { channel, voucher }
    if (problem !== undefined) {
      this.#totals.refused++
      if (problem.type === 'voucher') this.#fault(from)
      return { held, charged: undefined, problem }
    }
    this.#totals.earned += due
    const durable = this.#init.journal.add(recordOf(held))
    return {
      held,
      problem,
      charged: {
        charge: { units, amount: due, spent: channel.spent, accepted: channel.accepted },
        durable,
        refund: () => this.#refund(id, due),
        keep: () => this.#note(id, channel => deliver(channel, due)),
      },
    }
  }

  #charge(
    id: string,
    payment: Payment,
    due: bigint,
    from: string,
  ): Charged & { voucher: SignedVoucher | undefined } {
    const held = this.#held.get(id)
    if (held === undefined) throw unknown(id)
    const { verify, rules } = this.#init
    const offered = {
      amount: payment.amount,
      isPayer: held.payer === from,
      ...(payment.voucher !== undefined && { voucher: openVoucher(payment.voucher) }),
    }
    const charged = charge(held.channel, due, offered, { leastStep: rules.leastStep, verify })
    const isNew = charged.channel.accepted > held.channel.accepted
    const voucher = isNew ? payment.voucher : held.voucher
    if (isNew) {
      this.#totals.vouchers++
      this.#faults.delete(from)
    }
    this.#held.set(id, { channel: charged.channel, voucher, payer: isNew ? from : held.payer })
    return { ...charged, voucher }
  }

  /** Whether a voucher that is worth more than its channel is covered after all: its payer may be a block ahead. */
  async #toppedUp(id: string, { voucher }: Payment, from: string): Promise<boolean> {
    const held = this.#held.get(id)
    if (held === undefined || voucher === undefined) return false
    const { verify, rules } = this.#init
    const opened = openVoucher(voucher)
    const { cumulative } = opened.voucher
    const covered = { ...held.channel, deposited: cumulative, cumulative: held.channel.accepted }
    if (checkVoucher(covered, opened, { leastStep: rules.leastStep, verify }) !== undefined) return false
    await this.#awaited.appear(id, from, cumulative)
    await this.refresh([id])
    return cumulative <= (this.#held.get(id)?.channel.deposited ?? 0n)
  }

  #fault(from: string): void {
    const faults = oneMore(this.#faults.get(from), this.#init.clock.monotonicMs())
    this.#faults.delete(from)
    this.#faults.set(from, faults)
    if (this.#faults.size > MAX_FAULTY) this.#faults.delete(this.#faults.keys().next().value!)
  }

  #refund(id: string, due: bigint): void {
    this.#totals.earned -= due
    this.#note(id, channel => refund(channel, due))
  }

  #note(id: string, change: (channel: TillChannel) => TillChannel): void {
    const held = this.#held.get(id)
    if (held === undefined) return
    const after = { ...held, channel: change(held.channel) }
    this.#held.set(id, after)
    this.#init.journal.note(recordOf(after))
  }

  /** A peer has shown by a signature that it pays a channel: what that has paid ahead is for its requests. */
  setPayer(id: string, payer: string): void {
    const held = this.#held.get(id)
    if (held !== undefined) this.#held.set(id, { ...held, payer })
  }

  /** Stops delivering for a channel; the other way round where its end failed. */
  setClosing(id: string, closing: boolean): void {
    const held = this.#held.get(id)
    if (held !== undefined) this.#held.set(id, { ...held, channel: { ...held.channel, closing } })
  }

  /** Looks at channels on the ledger: those that are gone are forgotten, others may have more in them or end. */
  async refresh(ids: readonly string[] = [...this.#held.keys()]): Promise<void> {
    const values = ids.length === 0 ? [] : await this.#init.access.get(ids.map(id => `channels/${id}`))
    for (const [index, id] of ids.entries()) this.#seen(id, values[index])
  }

  #seen(id: string, value: Uint8Array | undefined): void {
    const held = this.#held.get(id)
    if (held === undefined) return
    if (value === undefined) {
      this.#held.delete(id)
      this.#init.journal.note(closedRecord(id, held.channel.spent))
      return
    }
    const record = ChannelRecord.decode(value)
    const { deposited, cumulative: settled } = voucherChannel(this.#init.access.chainId, id, record)
    const closing = held.channel.closing || record.closeRequestedAtMs !== undefined
    const accepted = later(held.channel.accepted, settled)
    this.#held.set(id, { ...held, channel: { ...held.channel, deposited, settled, accepted, closing } })
  }

  /** Takes up a channel that a client names; waits a few blocks for one that is not there yet. */
  async #takeUp(id: string, from: string): Promise<void> {
    await this.#open(id)
    if (this.#held.has(id)) return
    if (await this.#awaited.appear(id, from)) await this.#open(id)
    if (!this.#held.has(id)) throw unknown(id)
  }

  /** Forgets the idle channel that is worth the least, where there is no room for another: it can come again. */
  #makeRoom(): void {
    const { maxChannels = MAX_CHANNELS, rules, journal } = this.#init
    if (this.#held.size < maxChannels) return
    let least: TillChannel | undefined
    for (const held of this.#held.values()) {
      if (!isIdle(held, rules.leastStep)) continue
      if (least === undefined || isWorthLess(held.channel, least)) least = held.channel
    }
    if (least === undefined) {
      throw paymentRefused('busy', 'This node looks after as many channels as it can: pay another one.')
    }
    this.#held.delete(least.id)
    journal.note(closedRecord(least.id, least.spent))
  }

  #open(id: string): Promise<void> {
    const known = this.#opening.get(id)
    if (known !== undefined) return known
    const opened = this.#read(id).finally(() => this.#opening.delete(id))
    this.#opening.set(id, opened)
    return opened
  }

  async #read(id: string): Promise<void> {
    const { access, payee, journal } = this.#init
    const [value] = await access.get([`channels/${id}`])
    if (this.#held.has(id)) return
    const kept = this.#kept.get(id)
    if (value === undefined) {
      if (kept !== undefined) journal.note(closedRecord(id, kept.spent))
      this.#kept.delete(id)
      return
    }
    const record = ChannelRecord.decode(value)
    if (idOf(record.payee) !== payee) throw paymentRefused('payee', 'This channel pays somebody else.')
    this.#makeRoom()
    this.#kept.delete(id)
    const known = voucherChannel(access.chainId, id, record)
    const signed = kept?.voucher === undefined ? 0n : openVoucher(kept.voucher).voucher.cumulative
    this.#held.set(id, {
      voucher: kept?.voucher,
      channel: {
        id,
        chainId: known.chainId,
        channelId: known.channelId,
        signer: known.signer,
        deposited: known.deposited,
        settled: known.cumulative,
        accepted: later(signed, known.cumulative),
        // Without the journal, what the ledger paid out counts as charged.
        spent: kept === undefined ? known.cumulative : kept.spent - kept.underWay,
        underWay: 0n,
        vouchers: 0,
        closing: record.closeRequestedAtMs !== undefined,
      },
    })
  }
}

const isOverDeposit = ({ problem }: Pick<Charged, 'problem'>): boolean =>
  problem?.type === 'voucher' && problem.code === 'LEDGER_OVER_DEPOSIT'

function isWorthLess(a: TillChannel, b: TillChannel): boolean {
  const [left, right] = [unredeemed(a), unredeemed(b)]
  return left === right ? a.deposited < b.deposited : left < right
}

/** Whether a channel may be forgotten: who pays it loses nothing by that, and this node no more than a step. */
function isIdle({ channel }: HeldChannel, leastStep: bigint): boolean {
  return channel.underWay === 0n && channel.spent >= channel.settled && unredeemed(channel) < leastStep
}

function recordOf({ channel, voucher }: HeldChannel): TillRecord {
  return {
    channel: channel.channelId,
    spent: channel.spent,
    underWay: channel.underWay,
    closed: false,
    ...(voucher !== undefined && { voucher }),
  }
}

const closedRecord = (id: string, spent: bigint): TillRecord => ({
  channel: bytesOf(id),
  spent,
  underWay: 0n,
  closed: true,
})

/** Cumulative amounts only grow: the larger one was said later. */
const later = (a: bigint, b: bigint): bigint => (a > b ? a : b)

const unknown = (id: string) => paymentRefused('closed', `There is no channel ${id}, or not any more.`)
