import { malformed } from './rejection.js'
import { varintLength, varintNumber } from './varint.js'

/** Protobuf's wire types; groups (3 and 4) never occur in ONNX and are refused. */
export type WireType = 0 | 1 | 2 | 5

/** One field of a message: its number and where its payload lies, in bytes of the file. */
export interface WireField {
  readonly number: number
  readonly wireType: WireType
  readonly offset: number
  readonly length: number
}

/** The most bytes that a field's tag and length can take. */
export const MAX_HEADER_BYTES = 15

/**
 * Parses a field's tag and length from the bytes at offset `at` of the file; `undefined` where `head` ends
 * first. The payload may reach past the end of its message: whoever knows that end checks.
 */
export function parseField(head: Uint8Array, at: number): WireField | undefined {
  const tagLength = varintLength(head)
  if (tagLength === undefined) return undefined
  const { number, wireType } = splitTag(varintNumber(head, 0, tagLength) ?? 0, at)
  const offset = at + tagLength
  if (wireType === 1) return { number, wireType, offset, length: 8 }
  if (wireType === 5) return { number, wireType, offset, length: 4 }
  const length = varintLength(head, tagLength)
  if (length === undefined) return undefined
  if (wireType === 0) return { number, wireType, offset, length }
  const payload = varintNumber(head, tagLength, length)
  if (payload === undefined) throw malformed(`a length above 2^53 at byte ${at}`)
  return { number, wireType, offset: offset + length, length: payload }
}

/** Splits a tag; throws `ONNX_MALFORMED` on field 0 and on groups. */
function splitTag(tag: number, offset: number): { number: number; wireType: WireType } {
  const number = Math.floor(tag / 8)
  const wireType = tag % 8
  if (number === 0 || number >= 2 ** 29) throw malformed(`field number ${number} at byte ${offset}`)
  if (wireType !== 0 && wireType !== 1 && wireType !== 2 && wireType !== 5) {
    throw malformed(`wire type ${wireType} at byte ${offset}`)
  }
  return { number, wireType }
}
