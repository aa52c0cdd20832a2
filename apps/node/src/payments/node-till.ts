import { checkVoucher, idOf, openVoucher, type Verify } from '@neurovoyance/ledger'
import type { Charge, Clock, Payment, SignedVoucher } from '@neurovoyance/protocol'
import { type AwaitedChannels, awaitChannels } from './awaited-channels.js'
import { type Faults, oneMore } from './core/faults.js'
import { type Charged, charge, deliver, isFinal, refund, type TillChannel } from './core/till.js'
import { type HeldChannel, HeldChannels, type HeldChannelsInit, recordOf } from './held-channels.js'
import { paused, paymentRefused } from './refusals.js'

/** What a till works with. */
export interface NodeTillInit extends HeldChannelsInit {
  verify: Verify
  clock: Clock
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

/** Peers whose faults are remembered. */
const MAX_FAULTY = 1_000

/** What a node is paid: its channels, in memory and in a journal. */
export class NodeTill {
  readonly #init: NodeTillInit
  readonly #channels: HeldChannels
  readonly #awaited: AwaitedChannels
  readonly #faults = new Map<string, Faults>()
  readonly #totals = { earned: 0n, vouchers: 0, refused: 0 }

  constructor(init: NodeTillInit) {
    this.#init = init
    this.#channels = new HeldChannels(init)
    this.#awaited = awaitChannels(init)
  }

  /** The channels, to look at and to look after. */
  get channels(): Pick<HeldChannels, 'restore' | 'list' | 'get' | 'open' | 'refresh' | 'isFull' | 'fee'> {
    return this.#channels
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
    const nowMs = this.#init.clock.monotonicMs()
    if (nowMs < (this.#faults.get(from)?.pausedUntilMs ?? 0)) throw paused()
    if (this.#channels.get(id) === undefined) await this.#takeUp(id, from)
    let result = this.#charge(id, payment, due, from)
    if (isOverDeposit(result) && (await this.#toppedUp(id, payment, from))) {
      result = this.#charge(id, payment, due, from)
    }
    const { channel, voucher, durable, problem } = result
    const held = { channel, voucher }
    if (problem !== undefined) {
      this.#totals.refused++
      if (problem.type === 'voucher') this.#fault(from)
      return { held, charged: undefined, problem }
    }
    this.#totals.earned += due
    return {
      held,
      problem,
      charged: {
        charge: { units, amount: due, spent: channel.spent, accepted: channel.accepted },
        durable: durable ?? Promise.resolve(),
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
  ): Charged & Pick<HeldChannel, 'voucher' | 'durable'> {
    const held = this.#channels.get(id)
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
    const after = { channel: charged.channel, voucher, payer: isNew ? from : held.payer }
    const isCovered = charged.channel.booked === held.channel.booked
    const durable = isCovered ? held.durable : this.#write(id, after)
    this.#channels.change(id, () => ({ ...after, durable }))
    return { ...charged, voucher, durable }
  }

  /** Where the disk does not take it, the next charge is written again, whatever was paid ahead. */
  #write(id: string, held: HeldChannel): Promise<void> {
    const written = this.#init.journal.add(recordOf(held))
    written.catch(() => this.#book(id, () => 0n))
    return written
  }

  #book(id: string, booked: (channel: TillChannel) => bigint): void {
    this.#channels.change(id, held => ({
      ...held,
      channel: { ...held.channel, booked: booked(held.channel) },
    }))
  }

  /** Whether a voucher that is worth more than its channel is covered after all: its payer may be a block ahead. */
  async #toppedUp(id: string, { voucher }: Payment, from: string): Promise<boolean> {
    const held = this.#channels.get(id)
    if (held === undefined || voucher === undefined) return false
    const { verify, rules } = this.#init
    const opened = openVoucher(voucher)
    const { cumulative } = opened.voucher
    const covered = { ...held.channel, deposited: cumulative, cumulative: held.channel.accepted }
    if (checkVoucher(covered, opened, { leastStep: rules.leastStep, verify }) !== undefined) return false
    const isCovered = async () => {
      await this.#channels.refresh([id])
      return cumulative <= (this.#channels.get(id)?.channel.deposited ?? 0n)
    }
    return (await isCovered()) || ((await this.#awaited.appear(id, from, cumulative)) && isCovered())
  }

  /** Whether a channel may end with this voucher of its payer, though the latest is worth more. */
  isFinal(id: string, final: SignedVoucher): boolean {
    const held = this.#channels.get(id)
    const { verify, rules } = this.#init
    return (
      held !== undefined && isFinal(held.channel, openVoucher(final), { leastStep: rules.leastStep, verify })
    )
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
    const after = this.#channels.change(id, held => ({ ...held, channel: change(held.channel) }))
    if (after !== undefined) this.#init.journal.note(recordOf(after))
  }

  /** Writes down what was charged without what was paid ahead: nothing is charged after it. */
  close(): void {
    for (const { channel } of this.#channels.list()) {
      if (channel.booked <= channel.spent) continue
      this.#book(channel.id, ({ spent }) => spent)
      this.#init.journal.note(recordOf(this.#channels.get(channel.id)!))
    }
  }

  /** A peer has shown by a signature that it pays a channel: what that has paid ahead is for its requests. */
  setPayer(id: string, payer: string): void {
    this.#channels.change(id, held => ({ ...held, payer }))
  }

  /** Stops delivering for a channel; the other way round where its end failed. */
  setClosing(id: string, closing: boolean): void {
    this.#channels.change(id, held => ({ ...held, channel: { ...held.channel, closing } }))
  }

  /** Takes up a channel that a client names; waits a few blocks for one that is not there yet. */
  async #takeUp(id: string, from: string): Promise<void> {
    await this.#channels.open(id)
    if (this.#channels.get(id) !== undefined) return
    if (await this.#awaited.appear(id, from)) await this.#channels.open(id)
    if (this.#channels.get(id) === undefined) throw unknown(id)
  }
}

const isOverDeposit = ({ problem }: Pick<Charged, 'problem'>): boolean =>
  problem?.type === 'voucher' && problem.code === 'LEDGER_OVER_DEPOSIT'

const unknown = (id: string) => paymentRefused('closed', `There is no channel ${id}, or not any more.`)
