/**
 * The tree over a block's parts, as in RFC 6962: leaves and inner nodes hashed in domains of their own, split at
 * the largest power of two.
 */
import { sha256 } from '../../../core/crypto/sha256.js'
import { bytesOf, idOf } from '../../../core/hex.js'

const LEAF = Uint8Array.of(0)
const INNER = Uint8Array.of(1)

const leafHash = (bytes: Uint8Array): Uint8Array => sha256(LEAF, bytes)
const innerHash = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(INNER, left, right)

/** The root over parts, in hexadecimal, and each part's proof, siblings from the leaf up. */
export function hashParts(parts: readonly Uint8Array[]): { root: string; proofs: Uint8Array[][] } {
  const proofs: Uint8Array[][] = parts.map(() => [])
  const build = (from: number, to: number): Uint8Array => {
    if (to - from === 1) return leafHash(parts[from]!)
    const middle = from + splitOf(to - from)
    const left = build(from, middle)
    const right = build(middle, to)
    for (let index = from; index < to; index++) proofs[index]!.push(index < middle ? right : left)
    return innerHash(left, right)
  }
  return { root: idOf(build(0, parts.length)), proofs }
}

/** Whether `bytes` are part `index` of the `total` under `root`. */
export function isPartOf(
  root: string,
  total: number,
  index: number,
  bytes: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  const sides = sidesOf(index, total)
  if (sides.length !== proof.length || proof.some(hash => hash.length !== 32)) return false
  let hash = leafHash(bytes)
  for (const [level, isLeft] of sides.entries())
    hash = isLeft ? innerHash(hash, proof[level]!) : innerHash(proof[level]!, hash)
  return idOf(hash) === root
}

/** From the leaf up: whether the way to leaf `index` of `total` lies on the left. */
function sidesOf(index: number, total: number): boolean[] {
  const sides: boolean[] = []
  while (total > 1) {
    const split = splitOf(total)
    sides.unshift(index < split)
    if (index < split) total = split
    else {
      index -= split
      total -= split
    }
  }
  return sides
}

/** The largest power of two below `count`. */
function splitOf(count: number): number {
  let split = 1
  while (split * 2 < count) split *= 2
  return split
}

/**
 * A block's id: SHA-256 over its header's hash, the number of its parts (four bytes, big-endian) and their root.
 * The id binds all three, so that nobody can propose a block under another's id with parts that never fit.
 */
export function blockIdOf(headerHash: string, total: number, partsRoot: string): string {
  const count = new Uint8Array(4)
  new DataView(count.buffer).setUint32(0, total)
  return idOf(sha256(bytesOf(headerHash), count, bytesOf(partsRoot)))
}
