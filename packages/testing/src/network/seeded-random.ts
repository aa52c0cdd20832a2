import type { Random } from '@neurovoyance/protocol'

/** Randomness that a seed repeats, with the draws that simulations need. Never for keys. */
export interface SeededRandom extends Random {
  /** A whole number in [0, below). */
  int(below: number): number
  /** One of the items. Throws a RangeError for an empty list. */
  pick<T>(items: readonly T[]): T
  /** True with this probability. */
  chance(probability: number): boolean
  /** A waiting time with this mean: exponentially distributed. */
  exponential(mean: number): number
  /** A new array with the items in another order. */
  shuffle<T>(items: readonly T[]): T[]
  /** A generator of its own for one purpose, so that draws made elsewhere do not shift its sequence. */
  fork(purpose: string): SeededRandom
}

/** A generator that yields the same sequence for the same seed on every machine (sfc32 by Chris Doty-Humphrey). */
export function createSeededRandom(seed: number | string): SeededRandom {
  const text = String(seed)
  let a = hash(text, 0x9e3779b9)
  let b = hash(text, 0x243f6a88)
  let c = hash(text, 0xb7e15162)
  let counter = 1

  function next(): number {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  for (let round = 0; round < 15; round++) next()

  const random: SeededRandom = {
    float: () => next() / 2 ** 32,
    bytes: length => Uint8Array.from({ length }, () => next() & 0xff),
    int: below => Math.floor((next() / 2 ** 32) * below),
    pick(items) {
      if (items.length === 0) throw new RangeError('nothing to pick from')
      return items[random.int(items.length)]!
    },
    chance: probability => random.float() < probability,
    exponential: mean => -mean * Math.log(1 - random.float()),
    shuffle(items) {
      const shuffled = [...items]
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = random.int(last + 1)
        const item = shuffled[last]!
        shuffled[last] = shuffled[other]!
        shuffled[other] = item
      }
      return shuffled
    },
    fork: purpose => createSeededRandom(`${text}/${purpose}`),
  }
  return random
}

function hash(text: string, start: number): number {
  let value = start
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x5bd1e995)
    value ^= value >>> 15
  }
  return value | 0
}
