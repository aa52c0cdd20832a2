import { dueFor, type NvyPrice, type Price } from '@neurovoyance/protocol'
import { hexToBytes } from '@noble/hashes/utils.js'
import { z } from 'zod'

/** Coins of which chain a purse holds. */
export interface Currency {
  readonly chainId: string
  /** SHA-256 of the genesis, where it is known. */
  readonly genesis?: Uint8Array | undefined
}

/** The terms of an offer that this purse can meet: `undefined` for other schemes, chains, and nonsense. */
export function termsOf(price: Price | undefined, { chainId, genesis }: Currency): NvyPrice | undefined {
  const terms = price?.scheme === 'nvy' ? price.nvy : undefined
  if (terms === undefined || terms.chainId !== chainId) return undefined
  const isOther = genesis !== undefined && terms.genesis.length > 0 && !isSame(terms.genesis, genesis)
  return isOther ? undefined : terms
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])

/** What a request costs by these terms; where its work is not known, what the user allows for that. */
export function costOf(terms: NvyPrice, units: bigint | undefined, unmetered: bigint): bigint | undefined {
  if (units !== undefined) return dueFor(terms, units)
  return unmetered > 0n ? unmetered : undefined
}

const amount = z
  .string()
  .regex(/^\d{1,19}$/)
  .transform(BigInt)
const hash = z.string().regex(/^[0-9a-f]{64}$/)

const quoteSchema = z.object({
  units: amount,
  due: amount,
  spent: amount.default(0n),
  accepted: amount.default(0n),
  /** What the node's latest voucher is worth, as far as it shows one that we signed. */
  voucher: z
    .string()
    .regex(/^[0-9a-f]{0,1024}$/)
    .optional(),
  perBillion: amount,
  minimum: amount,
  chainId: z.string().max(48),
  payee: hash,
})

/** What a node wants before it does a request. */
export interface Quote {
  readonly units: bigint
  readonly due: bigint
  readonly spent: bigint
  readonly accepted: bigint
  readonly voucher: Uint8Array | undefined
  readonly terms: NvyPrice
}

/** The quote in the details of `NODE_PAYMENT_REQUIRED`; `undefined` where they hold none. */
export function quoteOf(error: unknown): Quote | undefined {
  const parsed = quoteSchema.safeParse((error as { details?: unknown } | undefined)?.details)
  if (!parsed.success) return undefined
  const { units, due, spent, accepted, voucher, payee, ...terms } = parsed.data
  return {
    units,
    due,
    spent,
    accepted,
    voucher: voucher === undefined || voucher.length % 2 === 1 ? undefined : hexToBytes(voucher),
    terms: { ...terms, payee: hexToBytes(payee), genesis: new Uint8Array() },
  }
}
