import type { ChannelRules } from '@neurovoyance/client/pay'
import { bytesOf, type ChainAccess, idOf, openVoucher, voucherChannel } from '@neurovoyance/ledger'
import { ChannelRecord, errorCode, type SignedVoucher, type TillRecord } from '@neurovoyance/protocol'
import { type TillChannel, unredeemed } from './core/till.js'
import type { TillJournal } from './journal.js'
import { paymentRefused } from './refusals.js'

/** A channel with the voucher that is worth the most. */
export interface HeldChannel {
  readonly channel: TillChannel
  readonly voucher: SignedVoucher | undefined
  /** Peer that has shown that it pays the channel, last. */
  readonly payer?: string | undefined
  /** The write that makes `booked` durable. */
  readonly durable?: Promise<void> | undefined
}

/** What channels are taken up with. */
export interface HeldChannelsInit {
  access: Pick<ChainAccess, 'chainId' | 'get'>
  /** The account that channels have to pay. */
  payee: string
  rules: ChannelRules
  journal: TillJournal
  /** What an earlier run wrote. */
  records: ReadonlyMap<string, TillRecord>
  /** Channels that are looked after at a time. */
  maxChannels?: number
}

const MAX_CHANNELS = 10_000

/** The channels that a till looks after, as the ledger has them. */
export class HeldChannels {
  readonly #init: HeldChannelsInit
  readonly #held = new Map<string, HeldChannel>()
  readonly #opening = new Map<string, Promise<void>>()
  /** What an earlier run wrote of channels that were not taken up yet. */
  readonly #kept: Map<string, TillRecord>
  /** What redeeming a voucher costs: one that is worth no more makes room. */
  fee = 0n

  constructor(init: HeldChannelsInit) {
    this.#init = init
    this.#kept = new Map(init.records)
  }

  /** Takes up the channels of an earlier run, as the ledger has them now; those that paid another wallet are left as they are. */
  async restore(): Promise<void> {
    const ids = [...this.#kept.keys()]
    await Promise.all(
      ids.map(id =>
        this.open(id).catch(error => {
          if (errorCode(error) !== 'NODE_PAYMENT_REFUSED') throw error
        }),
      ),
    )
  }

  /** Whether another channel needs the room of one that is there. */
  get isFull(): boolean {
    return this.#held.size >= (this.#init.maxChannels ?? MAX_CHANNELS)
  }

  list(): HeldChannel[] {
    return [...this.#held.values()]
  }

  get(id: string): HeldChannel | undefined {
    return this.#held.get(id)
  }

  /** Changes a channel that is there; what it is then. */
  change(id: string, change: (held: HeldChannel) => HeldChannel): HeldChannel | undefined {
    const held = this.#held.get(id)
    if (held === undefined) return undefined
    const after = change(held)
    this.#held.set(id, after)
    return after
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

  /** Forgets the idle channel that is worth the least, where there is no room for another: it can come again. */
  #makeRoom(): void {
    if (!this.isFull) return
    const { rules, journal } = this.#init
    const worthless = later(rules.leastStep - 1n, this.fee)
    let least: TillChannel | undefined
    for (const held of this.#held.values()) {
      if (!isIdle(held, worthless)) continue
      if (least === undefined || isWorthLess(held.channel, least)) least = held.channel
    }
    if (least === undefined) {
      throw paymentRefused('busy', 'This node looks after as many channels as it can: pay another one.')
    }
    this.#held.delete(least.id)
    journal.note(closedRecord(least.id, least.spent))
  }

  /**
   * Takes up a channel, if the ledger has it.
   *
   * @throws NodeError `NODE_PAYMENT_REFUSED` for one that pays somebody else, or where there is no room
   */
  open(id: string): Promise<void> {
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
    // Without the journal, what the ledger paid out counts as charged.
    const spent = kept === undefined ? known.cumulative : kept.spent - kept.underWay
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
        spent,
        underWay: 0n,
        booked: spent,
        vouchers: 0,
        closing: record.closeRequestedAtMs !== undefined,
      },
    })
  }
}

function isWorthLess(a: TillChannel, b: TillChannel): boolean {
  const [left, right] = [unredeemed(a), unredeemed(b)]
  return left === right ? a.deposited < b.deposited : left < right
}

/** Whether a channel may be forgotten: who pays it loses nothing by that, and this node what is not worth redeeming. */
function isIdle({ channel }: HeldChannel, worthless: bigint): boolean {
  return channel.underWay === 0n && channel.spent >= channel.settled && unredeemed(channel) <= worthless
}

/** What is written of a channel. */
export function recordOf({ channel, voucher }: HeldChannel): TillRecord {
  return {
    channel: channel.channelId,
    spent: later(channel.booked, channel.spent),
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
