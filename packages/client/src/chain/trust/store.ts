import type { TrustedHeader } from '@neurovoyance/ledger/light'
import * as z from 'zod/mini'

/** Keeps what a reader trusts from one run to the next. */
export interface TrustStore {
  /** The text that was kept last; `undefined` where there is none. */
  load(): Promise<string | undefined>
  save(text: string): Promise<void>
}

/** What `localStorage` offers of itself. */
export interface TextStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

/** Keeps it in a page's `localStorage`, or in what looks like it. */
export function storageTrust(storage: TextStorage, key = 'neurovoyance.chain'): TrustStore {
  return {
    load: async () => storage.getItem(key) ?? undefined,
    save: async text => storage.setItem(key, text),
  }
}

const hex = (bytes: number) => z.string().check(z.regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`)))
const whole = z.int().check(z.nonnegative())

const schema = z.strictObject({
  version: z.literal(1),
  chainId: z.string(),
  genesis: hex(32),
  height: whole,
  timeMs: whole,
  blockId: hex(32),
  validators: z.array(z.tuple([hex(32), whole])).check(z.minLength(1), z.maxLength(1024)),
})

/** Which chain it is about: its name and the hash of its genesis, hexadecimal. */
export interface ChainName {
  readonly chainId: string
  readonly genesis: string
}

const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
const fromHex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], digits => Number.parseInt(digits, 16))

/** A trusted header as it is kept. */
export function trustText({ chainId, genesis }: ChainName, header: TrustedHeader): string {
  const { height, timeMs, blockId, nextValidators } = header
  const validators = nextValidators.validators.map(({ publicKey, power }) => [toHex(publicKey), power])
  return JSON.stringify({ version: 1, chainId, genesis, height, timeMs, blockId: toHex(blockId), validators })
}

/** The trusted header of a text; `undefined` for what is none, or another chain's. */
export function trustFrom(text: string, { chainId, genesis }: ChainName): TrustedHeader | undefined {
  const parsed = schema.safeParse(jsonOf(text))
  if (!parsed.success) return undefined
  const { data } = parsed
  if (data.chainId !== chainId || data.genesis !== genesis) return undefined
  const validators = data.validators.map(([key, power]) => ({ publicKey: fromHex(key), power }))
  const { height, timeMs, blockId } = data
  return { height, timeMs, blockId: fromHex(blockId), nextValidators: { validators } }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
