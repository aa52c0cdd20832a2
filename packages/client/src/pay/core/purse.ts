/** What a client knows of a channel that it pays a node by. Amounts are base units since the channel was opened. */
export interface PaidChannel {
  /** Hexadecimal. */
  readonly id: string
  /** The account that it pays, hexadecimal. */
  readonly payee: string
  /** All that was put in. */
  readonly deposited: bigint
  /** What the latest voucher is worth. */
  readonly signed: bigint
  /** The most that the node is known to hold. */
  readonly held: bigint
  /** What was charged, as far as is known: a request that was not answered counts until the node says otherwise. */
  readonly used: bigint
  /** The part of it for which nothing came. */
  readonly lost: bigint
  /** What may be charged for requests under way. */
  readonly reserved: bigint
  /** Vouchers signed. */
  readonly vouchers: number
}

/** What payments are held to. */
export interface PurseRules {
  /** The ledger's least difference between two vouchers. */
  readonly leastStep: bigint
  /** The most that a node has been paid and has not earned yet; one request may be more where it is alone. */
  readonly step: bigint
}

/** Whether a request can be paid now. */
export type Reservation =
  /** It can, after a new voucher where `voucher` says what it is worth. */
  | { readonly type: 'reserved'; readonly channel: PaidChannel; readonly voucher: bigint | undefined }
  /** When a request under way is over: more would be at stake than a step. */
  | { readonly type: 'wait' }
  /** When the deposit is larger. */
  | { readonly type: 'short'; readonly missing: bigint }
  /** Not any more: the node took more without answering than it earned trust. */
  | { readonly type: 'distrusted' }

/** How a request that was paid ended. */
export type Outcome =
  /** With an answer, for which this was charged. */
  | { readonly type: 'answered'; readonly charged: bigint }
  /** The node said that it did not do it, so that it charged nothing. */
  | { readonly type: 'refused' }
  /** Nothing came: it may have been charged. */
  | { readonly type: 'silent' }

/** A channel that was just opened. */
export const openedChannel = (id: string, payee: string, deposited: bigint): PaidChannel => ({
  id,
  payee,
  deposited,
  signed: 0n,
  held: 0n,
  used: 0n,
  lost: 0n,
  reserved: 0n,
  vouchers: 0,
})

/** A node that has delivered may have lost one answer in so many, and a step beside. */
const FORGIVEN_SHARE = 8n
/** One voucher pays for further requests, up to this part of what was answered: the better a node is known, the rarer they are. */
const AHEAD_SHARE = 32n

/**
 * Sets apart what a request may be charged. What a node could keep without answering, now and in all the time before,
 * stays below a step and an eighth of what it did answer; a request that alone is more goes to a node that owes nothing.
 */
export function reserve(channel: PaidChannel, amount: bigint, rules: PurseRules): Reservation {
  const { deposited, signed, used, lost, reserved } = channel
  const isFirst = lost === 0n && reserved === 0n
  const allowed = rules.step + (used - lost) / FORGIVEN_SHARE
  if (!isFirst && lost + reserved + amount > allowed) return { type: reserved > 0n ? 'wait' : 'distrusted' }
  const need = used + reserved + amount
  if (need > deposited) return { type: 'short', missing: need - deposited }
  const after = { ...channel, reserved: reserved + amount }
  // What the node holds after a voucher that was lost may be less than a step below: then it takes a larger one.
  const isTakable = channel.held >= need || signed - channel.held >= rules.leastStep
  if (need <= signed && isTakable) return { type: 'reserved', channel: after, voucher: undefined }
  const voucher = min(max(need + aheadOf(after, amount, rules), signed + rules.leastStep), deposited)
  return {
    type: 'reserved',
    channel: { ...after, signed: voucher, vouchers: channel.vouchers + 1 },
    voucher,
  }
}

/** What to pay for further requests of about `amount`: whole ones, and no more at stake than a step in all. */
function aheadOf({ used, lost, reserved }: PaidChannel, amount: bigint, { step }: PurseRules): bigint {
  const room = min((used - lost) / AHEAD_SHARE, step - lost - reserved)
  return amount > 0n && room > 0n ? room - (room % amount) : 0n
}

/** Ends the reservation of a request. */
export function release(channel: PaidChannel, amount: bigint, outcome: Outcome): PaidChannel {
  const reserved = channel.reserved - amount
  if (outcome.type === 'refused') return { ...channel, reserved }
  if (outcome.type === 'silent') {
    return { ...channel, reserved, used: channel.used + amount, lost: channel.lost + amount }
  }
  return { ...channel, reserved, used: channel.used + min(outcome.charged, amount) }
}

/**
 * Takes over what the node says it charged and holds. Only with nothing under way both count the same; and what it says
 * is bounded by what was signed. More than was known is lost, less was not.
 */
export function reconcile(
  channel: PaidChannel,
  { spent, accepted }: { readonly spent: bigint; readonly accepted: bigint },
): PaidChannel {
  // Less than before, where the node was killed before the voucher was on its disk.
  const held = min(accepted, channel.signed)
  if (channel.reserved > 0n) return { ...channel, held }
  const used = min(spent, channel.signed)
  const lost = max(0n, channel.lost + used - channel.used)
  return { ...channel, held, used, lost }
}

/**
 * Takes over a voucher that an earlier run signed and this one forgot: what it is worth went into requests of that run,
 * as far as the node does not say otherwise.
 */
export function recover(channel: PaidChannel, signed: bigint): PaidChannel {
  if (signed <= channel.signed || signed > channel.deposited) return channel
  return { ...channel, signed, held: signed, used: max(channel.used, signed - channel.reserved) }
}

/** What was paid and not answered for: all that the node could keep without doing anything more. */
export const atStake = ({ signed, used, lost }: PaidChannel): bigint => max(0n, signed - (used - lost))

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)
