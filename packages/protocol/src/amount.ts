import { malformed } from './errors.js'

/** Base units of one NVY. */
export const BASE_UNITS = 1_000_000_000n

/** Digits after the point that an amount may have. */
const DECIMALS = 9
/** Amounts fit 63 bits, so that no sum of two overflows 64. */
const MOST = (1n << 63n) - 1n

/**
 * An amount as a person writes it, in NVY: `12`, `0.5`, `1_000.000000001`, `3 NVY`.
 *
 * @returns base units
 * @throws ProtocolError `PROTOCOL_MALFORMED` for what is no amount, is negative, has more than nine decimals, or is
 * 2⁶³ base units and more
 */
export function parseAmount(text: string): bigint {
  const found = /^(\d[\d_]{0,24})(?:\.(\d{1,9}))?(?:\s*NVY)?$/i.exec(text.trim())
  if (found === null) {
    throw malformed(
      `${JSON.stringify(text.slice(0, 40))} is no amount: write 12 or 0.5, with up to nine decimals`,
    )
  }
  const [, whole = '', decimals = ''] = found
  const amount = BigInt(whole.replaceAll('_', '')) * BASE_UNITS + BigInt(decimals.padEnd(DECIMALS, '0'))
  if (amount > MOST) throw malformed(`${text} is more than there can be`)
  return amount
}

/** An amount for a person, in NVY without its name: `12`, `0.5`, `-0.000000001`. Exact: {@link parseAmount} gives it back. */
export function formatAmount(amount: bigint): string {
  const size = amount < 0n ? -amount : amount
  const decimals = String(size % BASE_UNITS)
    .padStart(DECIMALS, '0')
    .replace(/0+$/, '')
  const text = `${size / BASE_UNITS}${decimals === '' ? '' : `.${decimals}`}`
  return amount < 0n ? `-${text}` : text
}
