/** Numbers that are the same for the same seed on every machine. */
export interface SeededRandom {
  /** A whole number from 0 to `below` − 1. */
  int(below: number): number
  bytes(length: number): Uint8Array
  pick<T>(items: readonly T[]): T
}

/** Small Fast Counter (sfc32, Chris Doty-Humphrey): passes PractRand, four words of state. */
export function seededRandom(seed: number, stream: string): SeededRandom {
  let a = seed | 0
  let b = hash(stream)
  let c = 0x9e3779b9
  let counter = 1
  const next = () => {
    const sum = (a + b + counter++) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return sum >>> 0
  }
  for (let round = 0; round < 12; round++) next()
  return {
    int: below => next() % below,
    bytes: length => Uint8Array.from({ length }, next),
    pick: items => items[next() % items.length]!,
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const letter of text) value = Math.imul(value ^ letter.codePointAt(0)!, 0x01000193)
  return value
}
