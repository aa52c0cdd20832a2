import { HASH_BYTES, stepOf } from './format.js'
import type { Hasher } from './hasher.js'

/** The most changes that are sorted at once: an index fits in the 21 bits that a double leaves beside 32. */
export const BATCH_ITEMS = 2 ** 20

/** Changes sorted by path, so that those of one subtree lie side by side. */
export interface Batch {
  readonly length: number
  /** 32 bytes each, ascending. */
  readonly paths: Uint8Array
  /** Where each stood in `keys`. */
  readonly order: Uint32Array
}

/** Hashes and sorts up to `BATCH_ITEMS` keys, which differ from one another. */
export function sortByPath(keys: readonly string[], hasher: Hasher): Batch {
  const length = keys.length
  const unsorted = new Uint8Array(length * HASH_BYTES)
  const sortKeys = new Float64Array(length)
  for (let index = 0; index < length; index++) {
    const at = index * HASH_BYTES
    hasher.text(keys[index]!, unsorted, at)
    const head =
      unsorted[at]! * 2 ** 24 + (unsorted[at + 1]! << 16) + (unsorted[at + 2]! << 8) + unsorted[at + 3]!
    sortKeys[index] = head * BATCH_ITEMS + index
  }
  sortKeys.sort()
  const order = Uint32Array.from(sortKeys, value => value % BATCH_ITEMS)
  settleTies(order, sortKeys, unsorted)

  const paths = new Uint8Array(length * HASH_BYTES)
  for (let index = 0; index < length; index++) {
    const from = order[index]! * HASH_BYTES
    const to = index * HASH_BYTES
    for (let byte = 0; byte < HASH_BYTES; byte++) paths[to + byte] = unsorted[from + byte]!
  }
  return { length, paths, order }
}

/** Where the part of `[from, to)` ends whose step at `depth` is at most `step`. */
export function partEnd(batch: Batch, from: number, to: number, depth: number, step: number): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >>> 1
    if (stepOf(batch.paths, middle * HASH_BYTES, depth) <= step) low = middle + 1
    else high = middle
  }
  return low
}

/** Insertion sort by whole paths among those whose first four bytes agree: few, unless somebody searched for them. */
function settleTies(order: Uint32Array, sortKeys: Float64Array, paths: Uint8Array): void {
  for (let index = 1; index < order.length; index++) {
    const head = Math.floor(sortKeys[index]! / BATCH_ITEMS)
    if (Math.floor(sortKeys[index - 1]! / BATCH_ITEMS) !== head) continue
    const moving = order[index]!
    let hole = index
    while (
      hole > 0 &&
      Math.floor(sortKeys[hole - 1]! / BATCH_ITEMS) === head &&
      compare(paths, order[hole - 1]!, moving) > 0
    ) {
      order[hole] = order[hole - 1]!
      hole--
    }
    order[hole] = moving
  }
}

function compare(paths: Uint8Array, a: number, b: number): number {
  for (let byte = 4; byte < HASH_BYTES; byte++) {
    const difference = paths[a * HASH_BYTES + byte]! - paths[b * HASH_BYTES + byte]!
    if (difference !== 0) return difference
  }
  return 0
}
