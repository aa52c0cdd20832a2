import { z } from 'zod'
import type { PaidChannel } from './core/purse.js'

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
  channels: z
    .array(
      z.object({
        id: hash,
        payee: hash,
        signed: amount,
        used: amount,
        lost: amount,
        vouchers: z.int().min(0),
      }),
    )
    .max(4_096),
})

/** What a purse keeps between two runs. */
export interface SavedPurse {
  readonly chainId: string
  readonly paid: bigint
  readonly fees: bigint
  readonly channels: readonly Pick<PaidChannel, 'id' | 'payee' | 'signed' | 'used' | 'lost' | 'vouchers'>[]
}

/** A purse as JSON. */
export function encodePurse({ chainId, paid, fees, channels }: SavedPurse): Uint8Array {
  const rows = channels.map(({ id, payee, signed, used, lost, vouchers }) => ({
    id,
    payee,
    signed: String(signed),
    used: String(used),
    lost: String(lost),
    vouchers,
  }))
  const saved = { version: 1, chainId, paid: String(paid), fees: String(fees), channels: rows }
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
