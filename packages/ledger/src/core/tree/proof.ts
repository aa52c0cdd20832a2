import {
  END,
  HASH_BYTES,
  INNER,
  INNER_BYTES,
  LEAF,
  LEAF_BYTES,
  PATH_STEPS,
  PROOF_MAX_BYTES,
  stepOf,
} from './format.js'
import { createHasher, type Hasher } from './hasher.js'

/** Bytes that show what a tree has under one key; `format.ts` defines them. About 1 kB at a million keys. */
export type Proof = Uint8Array

/**
 * Whether `proof` shows that the tree with this `root` has `value` under `key`, or nothing where `value` is
 * `undefined`. Never throws on what the proof says; allocates nothing before the proof's length is checked.
 *
 * `hasher` is the portable one when left out.
 */
export function verifyProof(
  root: Uint8Array,
  key: string,
  value: Uint8Array | undefined,
  proof: Proof,
  hasher: Hasher = portable,
): boolean {
  if (root.length !== HASH_BYTES || proof.length < 2 || proof.length > PROOF_MAX_BYTES) return false
  const end = proof[0]!
  if (value === undefined ? end !== END.empty && end !== END.other : end !== END.pair) return false
  const steps = stepOffsets(proof)
  if (steps === undefined) return false

  const path = new Uint8Array(HASH_BYTES)
  hasher.text(key, path, 0)
  const node = endNode({ proof, path, value, steps: steps.length, hasher })
  if (node === undefined) return false
  for (let depth = steps.length - 1; depth >= 0; depth--) {
    const own = stepOf(path, 0, depth)
    const empty = end === END.empty && depth === steps.length - 1
    if (!climb(node, proof, steps[depth]!, own, empty, hasher)) return false
  }
  return same(node, 0, root, 0, HASH_BYTES)
}

const portable = createHasher()

/** Where each step begins, or `undefined` where the proof is not exactly as long as its own masks say. */
function stepOffsets(proof: Proof): number[] | undefined {
  const count = proof[1]!
  if (count > PATH_STEPS) return undefined
  const empty = proof[0] === END.empty
  let offset = proof[0] === END.other ? 2 + 2 * HASH_BYTES : 2
  const offsets: number[] = []
  for (let depth = 0; depth < count; depth++) {
    const mask = proof[offset]
    if (mask === undefined || mask === 0 || mask > 15) return undefined
    offsets.push(offset)
    const children = (mask & 1) + ((mask >> 1) & 1) + ((mask >> 2) & 1) + (mask >> 3)
    const own = empty && depth === count - 1 ? 0 : 1
    offset += 1 + (children - own) * HASH_BYTES
  }
  return offset === proof.length ? offsets : undefined
}

interface End {
  proof: Proof
  path: Uint8Array
  value: Uint8Array | undefined
  steps: number
  hasher: Hasher
}

/** The node where the walk ends, in memory of its own; `undefined` where it contradicts the key. */
function endNode({ proof, path, value, steps, hasher }: End): Uint8Array | undefined {
  const node = new Uint8Array(HASH_BYTES)
  if (proof[0] === END.empty) return node
  const leaf = new Uint8Array(LEAF_BYTES)
  leaf[0] = LEAF
  if (value !== undefined) {
    leaf.set(path, 1)
    hasher.bytes(value, leaf, 1 + HASH_BYTES)
  } else {
    leaf.set(proof.subarray(2, 2 + 2 * HASH_BYTES), 1)
    if (same(leaf, 1, path, 0, HASH_BYTES)) return undefined
    for (let depth = 0; depth < steps; depth++) {
      if (stepOf(leaf, 1, depth) !== stepOf(path, 0, depth)) return undefined
    }
  }
  hasher.bytes(leaf, node, 0)
  return node
}

/** Replaces `node` by its parent as the step at `offset` tells it; `false` where the step cannot be. */
function climb(node: Uint8Array, proof: Proof, offset: number, own: number, empty: boolean, hasher: Hasher) {
  const mask = proof[offset]!
  if (((mask >> own) & 1) === (empty ? 1 : 0)) return false
  const parent = new Uint8Array(INNER_BYTES)
  parent[0] = INNER
  let from = offset + 1
  for (let child = 0; child < 4; child++) {
    const to = 1 + child * HASH_BYTES
    if (child === own) parent.set(node, to)
    else if ((mask >> child) & 1) {
      if (isZero(proof, from)) return false
      parent.set(proof.subarray(from, from + HASH_BYTES), to)
      from += HASH_BYTES
    }
  }
  hasher.bytes(parent, node, 0)
  return true
}

/** Whether a node is the empty subtree's. */
export function isZero(bytes: Uint8Array, offset: number): boolean {
  for (let index = 0; index < HASH_BYTES; index++) if (bytes[offset + index] !== 0) return false
  return true
}

function same(a: Uint8Array, aOffset: number, b: Uint8Array, bOffset: number, length: number): boolean {
  for (let index = 0; index < length; index++) if (a[aOffset + index] !== b[bOffset + index]) return false
  return true
}
