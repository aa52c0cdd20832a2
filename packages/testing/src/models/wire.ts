/** A thin protobuf writer: each function returns the bytes of one field, a message is their concatenation. */

/** Joins byte arrays. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.byteLength, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.byteLength
  }
  return joined
}

/** A base-128 varint; negative numbers take the ten bytes of their 64-bit two's complement. */
export function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value))
  const bytes: number[] = []
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Uint8Array.from(bytes)
}

/** A varint field (wire type 0). */
export function varintField(field: number, value: number | bigint): Uint8Array {
  return concatBytes([varint(field * 8), varint(value)])
}

/** A length-delimited field (wire type 2): bytes, a string, or a nested message. */
export function bytesField(field: number, value: Uint8Array | string): Uint8Array {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value
  return concatBytes([varint(field * 8 + 2), varint(bytes.byteLength), bytes])
}

/** A 32-bit field (wire type 5) that holds a float. */
export function floatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setFloat32(0, value, true)
  return concatBytes([varint(field * 8 + 5), bytes])
}
