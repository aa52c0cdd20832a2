import { z } from 'zod'
import type { PaidChannel } from './core/purse.js'
import type { Opening } from './funds.js'

const amount = z
  .string()
  .regex(/^\d{1,19}$/)
  .transform(BigInt)
const hash = z.string().regex(/^[0-9a-f]{64}$/)

const schema = z.object({
  version: z.literal(1),
  chainId: z.string(),
  paid: amount,
  fees: amount,
  complete: z.boolean().default(false),
  openings: z
    .array(z.object({ id: hash, nonce: z.int().min(0) }))
    .max(4_096)
    .default([]),
  ending: z.array(hash).max(4_096).default([]),
  channels: z
    .array(
      z.object({
        id: hash,
        payee: hash,
        deposited: amount.default(0n),
        signed: amount,
        used: amount,
        lost: amount,
        vouchers: z.int().min(0),
      }),
    )
    .max(4_096),
})

/** What is kept of a channel. */
export type SavedChannel = Pick<
  PaidChannel,
  'id' | 'payee' | 'deposited' | 'signed' | 'used' | 'lost' | 'vouchers'
>

/** What a purse keeps between two runs. */
export interface SavedPurse {
  readonly chainId: string
  readonly paid: bigint
  readonly fees: bigint
  /** Whether nothing was signed after it was saved: it was saved as the client closed. */
  readonly complete: boolean
  readonly openings: readonly Opening[]
  /** Channels whose end was asked of the ledger. */
  readonly ending: readonly string[]
  readonly channels: readonly SavedChannel[]
}

/** A purse as JSON. */
export function encodePurse({ paid, fees, channels, ...kept }: SavedPurse): Uint8Array {
  const rows = channels.map(({ id, payee, deposited, signed, used, lost, vouchers }) => ({
    id,
    payee,
    deposited: String(deposited),
    signed: String(signed),
    used: String(used),
    lost: String(lost),
    vouchers,
  }))
  const saved = { version: 1, ...kept, paid: String(paid), fees: String(fees), channels: rows }
  return new TextEncoder().encode(`${JSON.stringify(saved)}\n`)
}

/** Reads a purse; `undefined` for bytes that are none. */
export function decodePurse(bytes: Uint8Array): SavedPurse | undefined {
  try {
    return schema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch {
    return undefined
  }
}
