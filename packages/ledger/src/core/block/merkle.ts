import { sha256 } from '../crypto/sha256.js'

const LEAF = Uint8Array.of(0)
const INNER = Uint8Array.of(1)

/** A leaf's siblings, from the leaf up. */
export type MerkleProof = readonly Uint8Array[]

const leafHash = (leaf: Uint8Array): Uint8Array => sha256(LEAF, leaf)
const innerHash = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(INNER, left, right)

/** The root over leaves (RFC 6962, section 2.1); of none, the hash of nothing. */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256(new Uint8Array(0))
  let level = leaves.map(leafHash)
  // joining neighbours level by level gives the RFC's tree: a last one without a neighbour moves up as it is
  while (level.length > 1) level = joinedPairs(level)
  return level[0]!
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

/** Whether `leaf` is the one at `index` of `count` under `root`. */
export function isUnderRoot(
  root: Uint8Array,
  leaf: Uint8Array,
  index: number,
  count: number,
  proof: MerkleProof,
): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || index >= count) return false
  let hash = leafHash(leaf)
  let used = 0
  for (let at = index, width = count; width > 1; at >>= 1, width = (width + 1) >> 1) {
    if ((at ^ 1) >= width) continue
    const sibling = proof[used++]
    if (sibling?.length !== 32) return false
    hash = at % 2 === 0 ? innerHash(hash, sibling) : innerHash(sibling, hash)
  }
  return used === proof.length && sameBytes(hash, root)
}

/** Whether two arrays hold the same bytes. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}

function joinedPairs(level: readonly Uint8Array[]): Uint8Array[] {
  const joined: Uint8Array[] = []
  for (let index = 0; index < level.length; index += 2) {
    const right = level[index + 1]
    joined.push(right === undefined ? level[index]! : innerHash(level[index]!, right))
  }
  return joined
}
