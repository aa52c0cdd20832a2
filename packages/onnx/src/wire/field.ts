import { OnnxError } from '../errors.js'

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

/** Splits a tag; throws `ONNX_MALFORMED` on field 0 and on groups. */
export function splitTag(tag: number, offset: number): { number: number; wireType: WireType } {
  const number = Math.floor(tag / 8)
  const wireType = tag % 8
  if (number === 0 || number >= 2 ** 29) throw malformed(`field number ${number} at byte ${offset}`)
  if (wireType !== 0 && wireType !== 1 && wireType !== 2 && wireType !== 5) {
    throw malformed(`wire type ${wireType} at byte ${offset}`)
  }
  return { number, wireType }
}

/** An `ONNX_MALFORMED` error. */
export function malformed(what: string, details: Readonly<Record<string, unknown>> = {}): OnnxError {
  return new OnnxError('ONNX_MALFORMED', `not valid ONNX: ${what}`, { details })
}

/** An `ONNX_LIMIT_EXCEEDED` error. */
export function limitExceeded(what: string, limit: string, max: number, actual?: number): OnnxError {
  const given = actual === undefined ? '' : `${actual.toLocaleString('en')} `
  return new OnnxError('ONNX_LIMIT_EXCEEDED', `${given}${what}: the limit is ${max.toLocaleString('en')}`, {
    details: { limit, max, ...(actual === undefined ? {} : { actual }) },
  })
}
