import { type TillChannel, unredeemed } from './till.js'

/** When vouchers are redeemed. */
export interface RedeemRules {
  /** What redeeming one more voucher in a transaction costs now. */
  readonly fee: bigint
  /** A voucher is worth the trouble from so many times its fee on. */
  readonly worth: bigint
  /** The ledger's least difference between two vouchers. */
  readonly leastStep: bigint
  /** Vouchers of one transaction. */
  readonly batch: number
}

/**
 * Which channels to redeem in the next transaction, the most valuable first. A channel whose end is wanted is redeemed
 * whatever it costs to, as long as that is less than it brings; others wait until the fee is small beside what they hold.
 */
export function dueForRedeeming(
  channels: Iterable<TillChannel>,
  { fee, worth, leastStep, batch }: RedeemRules,
): TillChannel[] {
  return [...channels]
    .filter(channel => {
      const amount = unredeemed(channel)
      const least = amount >= leastStep || channel.accepted === channel.deposited
      return amount > 0n && least && amount > (channel.closing ? fee : fee * worth)
    })
    .sort((a, b) => Number(b.closing) - Number(a.closing) || (unredeemed(a) > unredeemed(b) ? -1 : 1))
    .slice(0, batch)
}
