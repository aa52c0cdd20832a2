import { sha256, sha256Into } from '../crypto/sha256.js'

const LEAF = Uint8Array.of(0)
const INNER = Uint8Array.of(1)
const HASH_BYTES = 32

/** A leaf's siblings, from the leaf up. */
export type MerkleProof = readonly Uint8Array[]

const leafHash = (leaf: Uint8Array): Uint8Array => sha256(LEAF, leaf)
const innerHash = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(INNER, left, right)

/** The root over leaves (RFC 6962, section 2.1); of none, the hash of nothing. */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256(new Uint8Array(0))
  const level = new Uint8Array(leaves.length * HASH_BYTES)
  for (const [index, leaf] of leaves.entries()) {
    const input = leaf.length === HASH_BYTES ? shortLeaf : new Uint8Array(1 + leaf.length)
    input.set(leaf, 1)
    sha256Into(input, level, index * HASH_BYTES)
  }
  // joining neighbours level by level gives the RFC's tree: a last one without a neighbour moves up as it is
  for (let width = leaves.length; width > 1; width = (width + 1) >> 1) joinPairs(level, width)
  return level.slice(0, HASH_BYTES)
}

/** Of roots over many leaves: written over each time. */
const shortLeaf = new Uint8Array(1 + HASH_BYTES)
const pair = new Uint8Array(1 + 2 * HASH_BYTES)
pair.set(INNER)

/** Joins the first `width` hashes of a level with their neighbours, in place. */
function joinPairs(level: Uint8Array, width: number): void {
  for (let index = 0; index < width; index += 2) {
    const from = index * HASH_BYTES
    if (index + 1 === width) level.copyWithin(from / 2, from, from + HASH_BYTES)
    else {
      pair.set(level.subarray(from, from + 2 * HASH_BYTES), 1)
      sha256Into(pair, level, from / 2)
    }
  }
}

/** The proof that `leaves[index]` is under their root. */
export function merkleProof(leaves: readonly Uint8Array[], index: number): MerkleProof {
  const proof: Uint8Array[] = []
  let level = leaves.map(leafHash)
  for (let at = index; level.length > 1; at >>= 1) {
    const sibling = level[at ^ 1]
    if (sibling !== undefined) proof.push(sibling)
    level = joinedPairs(level)
  }
  return proof
}

/**
 * Whether `leaf` is under `root` at place `index`.
 *
 * The place says which siblings are to the left: a step whose bit of `index` is set has a left one. Of the other steps
 * the first have a right one; a node without one is the last of its level, and so are all above it, which move up as
 * they are. So the number of leaves need not be known. Where leaves do not say their place themselves, a whole subtree
 * beside the way may be taken for a smaller one.
 */
export function isUnderRoot(root: Uint8Array, leaf: Uint8Array, index: number, proof: MerkleProof): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || index > 0xffff_ffff) return false
  if (proof.some(({ length }) => length !== 32)) return false
  let rights = proof.length - bitsIn(index)
  if (rights < 0) return false
  let hash = leafHash(leaf)
  let used = 0
  for (let at = index; used < proof.length; at >>>= 1) {
    if (at % 2 === 1) hash = innerHash(proof[used++]!, hash)
    else if (rights > 0) {
      rights--
      hash = innerHash(hash, proof[used++]!)
    }
  }
  return sameBytes(hash, root)
}

function bitsIn(whole: number): number {
  let bits = 0
  for (let left = whole; left !== 0; left &= left - 1) bits++
  return bits
}

/** Whether two arrays hold the same bytes. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
  return true
}

function joinedPairs(level: readonly Uint8Array[]): Uint8Array[] {
  const joined: Uint8Array[] = []
  for (let index = 0; index < level.length; index += 2) {
    const right = level[index + 1]
    joined.push(right === undefined ? level[index]! : innerHash(level[index]!, right))
  }
  return joined
}
