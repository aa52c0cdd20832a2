/** What a budget was used for, in base units. */
export interface Budget {
  /** The most that may be paid and put aside in all. */
  readonly limit: bigint
  /** In channels now, or on its way into them. */
  readonly locked: bigint
  /** Paid by channels that are closed. */
  readonly paid: bigint
  /** Fees of transactions. */
  readonly fees: bigint
}

/** What deposits are held to. */
export interface DepositRules {
  /** The ledger's least deposit, and least top-up. */
  readonly least: bigint
  /** Nodes that are to be paid side by side. */
  readonly channels: number
}

/** Requests that one deposit should be enough for. */
const REQUESTS_AHEAD = 256n

/** What is left of a budget. */
export function leftOf({ limit, locked, paid, fees }: Budget): bigint {
  const left = limit - locked - paid - fees
  return left > 0n ? left : 0n
}

/**
 * What to put into a channel for requests of about `amount`: enough for many of them, a fair part of the budget at
 * most; `undefined` where the budget does not even reach for one.
 */
export function depositFor(
  budget: Budget,
  amount: bigint,
  { least, channels }: DepositRules,
): bigint | undefined {
  const left = leftOf(budget)
  const needed = max(least, amount)
  if (needed > left) return undefined
  const share = budget.limit / BigInt(2 * Math.max(1, channels))
  return min(max(needed, min(amount * REQUESTS_AHEAD, share)), left)
}

/** Whether a channel should be topped up before it runs dry. */
export const runsLow = (room: bigint, amount: bigint): boolean => room < amount * (REQUESTS_AHEAD / 8n)

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)
