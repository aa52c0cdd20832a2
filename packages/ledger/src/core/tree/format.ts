/**
 * # The state tree
 *
 * A commitment to a set of pairs (key, value) that depends on the pairs only, never on the order of the changes
 * that led to them. Keys are strings, values are bytes, `‖` joins bytes and `H` is SHA-256.
 *
 * A pair's **path** is `H(UTF-8 of the key)`: 256 bits, read two at a time from the most significant bit of the
 * first byte, so 128 steps of 0 to 3. `node(S, d)` of a set `S` of pairs, whose paths agree in their first `d`
 * steps, is 32 bytes:
 *
 * ```
 * node(∅, d)   = 32 zero bytes
 * node({p}, d) = H(0x00 ‖ path(p) ‖ H(value(p)))
 * node(S, d)   = H(0x01 ‖ node(S₀, d + 1) ‖ node(S₁, d + 1) ‖ node(S₂, d + 1) ‖ node(S₃, d + 1))
 *                where Sᵢ are the pairs of S whose step d is i
 * ```
 *
 * The **root** is `node(all pairs, 0)`. A pair that is alone in its subtree is hashed the same wherever it hangs,
 * so the tree is as deep as the paths need to differ: about log₄ n steps. Leaves are 65 bytes and begin with 0,
 * inner nodes 129 and begin with 1: no node can be read as the other kind.
 *
 * # Proofs
 *
 * A **proof** says what the tree has under one key. It walks the key's path from the root to where the walk ends:
 *
 * ```
 * proof = end ‖ number of steps (1 byte, at most 128) ‖ other, if end is 2 ‖ steps, from the root down
 * end   = 0: at the key's own pair; 1: at an empty place; 2: at another pair that is alone there
 * other = path ‖ H(value), of that other pair: 64 bytes
 * step  = mask (1 byte: bit i is set if child i is not empty) ‖ nodes of the children that are not empty and not
 *         on the path, in order of i: 32 bytes each
 * ```
 *
 * A verifier begins with the node at the end (the pair's, zero, or the other pair's), hashes upwards through the
 * steps, and compares with the root. He refuses a mask above 15; a mask that lacks the path's own bit (in the last
 * step before an empty place: one that has it); a child that is listed and zero; an `other` pair whose path is
 * the key's, or leaves it before the walk ends; and anything but exactly these bytes. An empty tree proves every
 * absence with `1 ‖ 0`.
 */

/** What a leaf's hashed bytes begin with. */
export const LEAF = 0
/** What an inner node's hashed bytes begin with. */
export const INNER = 1

export const HASH_BYTES = 32
/** `LEAF ‖ path ‖ H(value)`. */
export const LEAF_BYTES = 1 + 2 * HASH_BYTES
/** `INNER ‖` four nodes. */
export const INNER_BYTES = 1 + 4 * HASH_BYTES
/** Steps of a path: two bits each. */
export const PATH_STEPS = 128

/** Where the walk of a proof ends. */
export const END = { pair: 0, empty: 1, other: 2 } as const

/** The longest proof that can be: every step with all its children. */
export const PROOF_MAX_BYTES = 2 + 2 * HASH_BYTES + PATH_STEPS * (1 + 3 * HASH_BYTES)

/** Step `depth` (0 to 127) of the path at `offset`: 0 to 3. */
export function stepOf(paths: Uint8Array, offset: number, depth: number): number {
  return (paths[offset + (depth >> 2)]! >> (6 - 2 * (depth & 3))) & 3
}
