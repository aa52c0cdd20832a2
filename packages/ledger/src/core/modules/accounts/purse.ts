import { formatAmount, type Lot, type Purse } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { least } from '../../amount.js'
import type { Holdings } from '../../state/draft.js'

/** Ages of earned coins are told apart by months of 30 days. */
export const MONTH_MS = 30 * 24 * 3_600_000

/** Months that a purse tells apart; coins older than these are as old as the oldest of them. */
const MONTHS = 7

export const EMPTY_PURSE: Purse = Object.freeze({ liquid: 0n, earned: [], granted: 0n })

/** Kinds of coins that a payment may take, in the order in which it takes them. */
export type TakeOrder = readonly (keyof Purse)[]

/** How payments within the network are made: what can be used for nothing else goes first. */
export const SPEND: TakeOrder = ['granted', 'earned', 'liquid']

/** The month of a ledger time. */
export const monthOf = (timeMs: number): number => Math.floor(timeMs / MONTH_MS)

export const earnedOf = (purse: Purse): bigint => purse.earned.reduce((sum, { amount }) => sum + amount, 0n)

/** All coins of a purse. */
export const totalOf = (purse: Purse): bigint => purse.liquid + purse.granted + earnedOf(purse)

/** A purse's coins by kind. */
export const purseHoldings = (purse: Purse | undefined): Holdings =>
  purse === undefined ? {} : { liquid: purse.liquid, earned: earnedOf(purse), granted: purse.granted }

export const liquidPurse = (amount: bigint): Purse => ({ ...EMPTY_PURSE, liquid: amount })
export const grantedPurse = (amount: bigint): Purse => ({ ...EMPTY_PURSE, granted: amount })

/** Coins earned at a time. */
export const earnedPurse = (amount: bigint, timeMs: number): Purse =>
  amount === 0n ? EMPTY_PURSE : { ...EMPTY_PURSE, earned: [{ month: monthOf(timeMs), amount }] }

/** Two purses in one. Earned coins keep their month; a purse never tells more than seven apart. */
export function joined(a: Purse, b: Purse): Purse {
  return {
    liquid: a.liquid + b.liquid,
    granted: a.granted + b.granted,
    earned:
      b.earned.length === 0 ? a.earned : a.earned.length === 0 ? b.earned : joinLots(a.earned, b.earned),
  }
}

function joinLots(a: readonly Lot[], b: readonly Lot[]): readonly Lot[] {
  const amounts = new Map<number, bigint>()
  const newest = Math.max(a.at(-1)!.month, b.at(-1)!.month)
  for (const { month, amount } of [...a, ...b]) {
    const kept = Math.max(month, newest - MONTHS + 1)
    amounts.set(kept, (amounts.get(kept) ?? 0n) + amount)
  }
  return [...amounts].sort(([x], [y]) => x - y).map(([month, amount]) => ({ month, amount }))
}

/** What was taken from a purse, and what is left in it. */
export interface Taken {
  readonly taken: Purse
  readonly left: Purse
}

/**
 * Takes an amount out of a purse.
 *
 * @param earnedFrom which earned coins go first: the newest when they are spent, since age is worth keeping; the
 *   oldest when they leave the network
 * @throws LedgerError `LEDGER_INSUFFICIENT_FUNDS`
 */
export function takeFrom(
  purse: Purse,
  amount: bigint,
  order: TakeOrder,
  earnedFrom: 'newest' | 'oldest' = 'newest',
): Taken {
  let rest = amount
  let left = purse
  let taken = EMPTY_PURSE
  for (const kind of order) {
    if (rest === 0n) break
    if (kind === 'earned') {
      const lots = takeLots(left.earned, rest, earnedFrom)
      rest = lots.rest
      taken = { ...taken, earned: lots.taken }
      left = { ...left, earned: lots.left }
      continue
    }
    const part = least(left[kind], rest)
    rest -= part
    taken = { ...taken, [kind]: part }
    left = { ...left, [kind]: left[kind] - part }
  }
  if (rest > 0n) {
    const available = amount - rest
    throw ledgerError(
      'LEDGER_INSUFFICIENT_FUNDS',
      `${formatAmount(amount)} NVY are needed, and ${formatAmount(available)} NVY are there (${order.join(', ')})`,
      { needed: String(amount), available: String(available), kinds: order },
    )
  }
  return { taken, left }
}

function takeLots(
  lots: readonly Lot[],
  amount: bigint,
  from: 'newest' | 'oldest',
): { taken: Lot[]; left: Lot[]; rest: bigint } {
  const taken: Lot[] = []
  const left: Lot[] = []
  let rest = amount
  for (const lot of from === 'newest' ? lots.toReversed() : lots) {
    const part = least(lot.amount, rest)
    rest -= part
    if (part > 0n) taken.push({ month: lot.month, amount: part })
    if (part < lot.amount) left.push({ month: lot.month, amount: lot.amount - part })
  }
  return from === 'newest' ? { taken: taken.reverse(), left: left.reverse(), rest } : { taken, left, rest }
}
