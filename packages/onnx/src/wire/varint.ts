import { malformed } from './rejection.js'

/** Length of the varint at the head of `bytes`; `undefined` where they end first. */
export function varintLength(bytes: Uint8Array, at = 0): number | undefined {
  for (let index = at; index < bytes.byteLength; index++) {
    if (bytes[index]! < 0x80) return index - at + 1
    if (index - at >= 9) throw malformed('a varint of more than ten bytes')
  }
  return undefined
}

/** How many varints end within `bytes`. */
export function varintCount(bytes: Uint8Array): number {
  let count = 0
  for (const byte of bytes) if (byte < 0x80) count++
  return count
}

/** Reads the varint of `length` bytes at `at` as a number; `undefined` above 2^53 − 1. */
export function varintNumber(bytes: Uint8Array, at: number, length: number): number | undefined {
  let value = 0
  for (let index = length - 1; index >= 0; index--) value = value * 128 + (bytes[at + index]! & 0x7f)
  return Number.isSafeInteger(value) ? value : undefined
}

/** Reads the varint of `length` bytes at `at` as 64 bits; bits above the 64th are dropped as protobuf does. */
export function varintBits(bytes: Uint8Array, at: number, length: number): bigint {
  const small = length <= 7 ? varintNumber(bytes, at, length) : undefined
  if (small !== undefined) return BigInt(small)
  let value = 0n
  for (let index = length - 1; index >= 0; index--) value = (value << 7n) | BigInt(bytes[at + index]! & 0x7f)
  return BigInt.asUintN(64, value)
}
