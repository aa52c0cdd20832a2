import { hexToBytes } from '@noble/hashes/utils.js'

/** 32 bytes as 64 letters: how accounts and other ids are named within the ledger. */
export type Id = string

const DIGITS = new TextEncoder().encode('0123456789abcdef')
const latin1 = new TextDecoder('latin1')

/** Letters of ids of 32 bytes, nearly all there are: written over each time. */
const letters = new Uint8Array(64)

/**
 * Bytes as an {@link Id}. The text is made at once, not joined from pieces: it is about to be looked up in maps, which
 * have to flatten one that was joined, and that takes longer than to make it.
 */
export function idOf(bytes: Uint8Array): Id {
  const target = bytes.length === 32 ? letters : new Uint8Array(2 * bytes.length)
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index]!
    target[2 * index] = DIGITS[byte >> 4]!
    target[2 * index + 1] = DIGITS[byte & 15]!
  }
  return latin1.decode(target)
}

const NO_DIGIT = 16
/** Values of lower-case digits by code. */
const values = new Uint8Array(128).fill(NO_DIGIT)
for (const [value, code] of DIGITS.entries()) values[code] = value

/** The bytes of an {@link Id}. */
export function bytesOf(id: Id): Uint8Array {
  if (id.length !== 64) return hexToBytes(id)
  const bytes = new Uint8Array(32)
  for (let index = 0; index < 32; index++) {
    const high = values[id.charCodeAt(2 * index)] ?? NO_DIGIT
    const low = values[id.charCodeAt(2 * index + 1)] ?? NO_DIGIT
    if (high === NO_DIGIT || low === NO_DIGIT) return hexToBytes(id)
    bytes[index] = (high << 4) | low
  }
  return bytes
}
