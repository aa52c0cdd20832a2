/** Base units of one NVY. */
export const NVY = 1_000_000_000n

/** Parts of a whole, in millionths: shares and rates are whole numbers, so that everybody rounds alike. */
export const WHOLE = 1_000_000n

/** `share` millionths of an amount, rounded down. */
export const shareOf = (amount: bigint, share: bigint): bigint => (amount * share) / WHOLE

/** The smaller one. */
export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)

/** The larger one. */
export const most = (a: bigint, b: bigint): bigint => (a > b ? a : b)
