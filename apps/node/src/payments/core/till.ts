import { checkVoucher, type OpenVoucher, type Verify, type VoucherProblem } from '@neurovoyance/ledger'

/** A channel that pays this node. Amounts are base units since it was opened. */
export interface TillChannel {
  /** Hexadecimal. */
  readonly id: string
  readonly chainId: string
  readonly channelId: Uint8Array
  /** The key that signs its vouchers. */
  readonly signer: Uint8Array
  /** All that was put in. */
  readonly deposited: bigint
  /** What the ledger has paid out. */
  readonly settled: bigint
  /** What the latest voucher is worth. */
  readonly accepted: bigint
  /** What was charged, requests under way included. */
  readonly spent: bigint
  /** The part of it that was not answered yet. */
  readonly underWay: bigint
  /** What the disk has as charged: what is paid ahead is in it, so that nothing is written until it is used. */
  readonly booked: bigint
  /** Vouchers taken. */
  readonly vouchers: number
  /** Whether somebody wants its end: nothing more is delivered for it. */
  readonly closing: boolean
}

/** What a client pays with. */
export interface Offered {
  /** The most that may be charged. */
  readonly amount: bigint
  readonly voucher?: OpenVoucher | undefined
  /** Whether who asks has shown before that the channel is his. */
  readonly isPayer: boolean
}

/** What a till is held to. */
export interface TillRules {
  /** The ledger's least difference between two vouchers. */
  readonly leastStep: bigint
  readonly verify: Verify
}

/** Why nothing is done for a channel now. */
export type TillProblem =
  | { readonly type: 'closing' }
  | { readonly type: 'voucher'; readonly code: VoucherProblem }
  /** Somebody who has not shown that the channel is his wants what it has paid ahead. */
  | { readonly type: 'stranger' }
  /** The client allows less than it costs. */
  | { readonly type: 'price' }
  /** What it paid does not cover this. */
  | { readonly type: 'unpaid'; readonly missing: bigint }

/** What became of a charge; a voucher that holds is kept either way. */
export interface Charged {
  readonly channel: TillChannel
  /** Absent where the work may begin. */
  readonly problem?: TillProblem
}

/**
 * Charges a request, or a step of a long one, before it is done: the amount is looked at before the signature. Nothing is
 * done on credit, so a node is exposed to no more than the step that it is computing; and what a channel has paid ahead is
 * for its payer, who shows that he is by a voucher that is worth more.
 */
export function charge(channel: TillChannel, due: bigint, offered: Offered, rules: TillRules): Charged {
  if (channel.closing) return { channel, problem: { type: 'closing' } }
  const taken = takeVoucher(channel, offered.voucher, rules)
  if (taken.problem !== undefined) return taken
  const isShown = offered.isPayer || taken.channel.accepted > channel.accepted
  if (!isShown) return { channel: taken.channel, problem: { type: 'stranger' } }
  if (offered.amount < due) return { channel: taken.channel, problem: { type: 'price' } }
  const missing = taken.channel.spent + due - taken.channel.accepted
  if (missing > 0n) return { channel: taken.channel, problem: { type: 'unpaid', missing } }
  const { accepted, underWay } = taken.channel
  const spent = taken.channel.spent + due
  const booked = spent > taken.channel.booked ? accepted : taken.channel.booked
  return { channel: { ...taken.channel, spent, underWay: underWay + due, booked } }
}

/** Gives back what was charged for a request that was not answered. */
export const refund = (channel: TillChannel, due: bigint): TillChannel => ({
  ...channel,
  spent: channel.spent - due,
  underWay: channel.underWay - due,
})

/** Keeps what was charged for a request that is answered. */
export const deliver = (channel: TillChannel, due: bigint): TillChannel => ({
  ...channel,
  underWay: channel.underWay - due,
})

/** Takes a voucher that is worth more than the latest; requests overtake each other, so that an older one is no fault. */
function takeVoucher(channel: TillChannel, opened: OpenVoucher | undefined, rules: TillRules): Charged {
  if (opened === undefined || opened.voucher.cumulative <= channel.accepted) return { channel }
  const { chainId, channelId, signer, deposited, accepted } = channel
  const code = checkVoucher({ chainId, channelId, signer, deposited, cumulative: accepted }, opened, rules)
  // A client that forgot what it signed may ask for less than a step more: what is here already may be enough.
  if (code === 'LEDGER_TOO_SMALL') return { channel }
  if (code !== undefined) return { channel, problem: { type: 'voucher', code } }
  const { cumulative } = opened.voucher
  return { channel: { ...channel, accepted: cumulative, vouchers: channel.vouchers + 1 } }
}

/**
 * Whether a channel may end with a voucher that is worth less than the latest: who paid ahead gets back what was not
 * charged.
 */
export function isFinal(channel: TillChannel, opened: OpenVoucher, rules: TillRules): boolean {
  const { chainId, channelId, signer, deposited, settled, spent } = channel
  const { cumulative } = opened.voucher
  if (cumulative < spent) return false
  return (
    checkVoucher({ chainId, channelId, signer, deposited, cumulative: settled }, opened, rules) === undefined
  )
}

/** What can be redeemed. */
export const unredeemed = ({ accepted, settled }: TillChannel): bigint =>
  accepted > settled ? accepted - settled : 0n
