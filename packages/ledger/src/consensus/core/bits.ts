/** A bit for each item, the first in the lowest bit of the first byte: set where there is one. */
export function bitsOf(items: readonly unknown[]): Uint8Array {
  const bits = new Uint8Array((items.length + 7) >> 3)
  for (const [index, item] of items.entries()) if (item !== undefined) bits[index >> 3]! |= 1 << (index & 7)
  return bits
}

/** Whether the bit at `index` is set; not where there is none. */
export function hasBit(bits: Uint8Array, index: number): boolean {
  return ((bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0
}
