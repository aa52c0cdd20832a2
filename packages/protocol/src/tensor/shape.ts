import { ProtocolError } from '../errors.js'
import { LIMITS } from '../limits.js'
import type { ElementLayout } from './element-types.js'

/**
 * The number of elements of a shape.
 *
 * Every dimension is a whole number from 0, and the product of those that are not 0 stays below 2^53, so that no
 * stride overflows even in a tensor without elements.
 *
 * @throws ProtocolError `PROTOCOL_BAD_TENSOR`
 */
export function elementCount(dims: readonly number[]): number {
  if (dims.length > LIMITS.tensorRank) {
    throw badTensor(`a tensor has ${dims.length} dimensions, the limit is ${LIMITS.tensorRank}`, {
      rank: dims.length,
    })
  }
  let product = 1
  let empty = false
  for (const dim of dims) {
    if (!Number.isSafeInteger(dim) || dim < 0)
      throw badTensor(`a dimension cannot be ${dim}`, { dims: [...dims] })
    if (dim === 0) empty = true
    else product *= dim
    if (product > Number.MAX_SAFE_INTEGER)
      throw badTensor('the dimensions multiply to 2^53 or more', { dims: [...dims] })
  }
  return empty ? 0 : product
}

/** Bytes that `elements` of a fixed-size type take: whole bytes, so an odd count of 4-bit ones rounds up. */
export function payloadBytes(layout: ElementLayout, elements: number): number {
  return layout.bits === 4 ? Math.ceil(elements / 2) : elements * (layout.bits / 8)
}

/** An error about a tensor or its frame. */
export function badTensor(message: string, details: Readonly<Record<string, unknown>> = {}): ProtocolError {
  return new ProtocolError('PROTOCOL_BAD_TENSOR', message, { details })
}
