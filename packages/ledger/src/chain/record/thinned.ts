import { WireReader } from '@neurovoyance/protocol'

/**
 * An encoded message with some of its fields only, so that a header or one transaction of a stored block is read without
 * decoding all others.
 *
 * @param keeps whether the field of a number stays, of a repeated one the item at `index`
 */
export function thinned(bytes: Uint8Array, keeps: (field: number, index: number) => boolean): Uint8Array {
  const reader = new WireReader(bytes)
  const seen: number[] = []
  const kept: Uint8Array[] = []
  while (reader.position < reader.end) {
    const start = reader.position
    const tag = reader.tag()
    reader.skip(tag)
    const field = tag >>> 3
    const index = seen[field] ?? 0
    seen[field] = index + 1
    if (keeps(field, index)) kept.push(bytes.subarray(start, reader.position))
  }
  return Buffer.concat(kept)
}
