import { createHash } from 'node:crypto'
import type { Changes } from '../../src/core/state/view.js'
import type { Hasher } from '../../src/core/tree/index.js'

const sha256 = (...parts: (Uint8Array | string)[]): Uint8Array => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** The path of a key as the tree takes it: SHA-256 of its text. */
export const hashedPath = (key: string): Uint8Array => sha256(key)

interface Pair {
  path: Uint8Array
  /** The path's bits as text. */
  bits: string
  value: Uint8Array
}

/** The root by the definition in format.ts, word for word: no tree is kept, nothing is shared with the real one. */
export function naiveRoot(pairs: ReadonlyMap<string, Uint8Array>, pathOf = hashedPath): Uint8Array {
  return node(
    [...pairs].map(([key, value]) => ({ path: pathOf(key), bits: bitsOf(pathOf(key)), value })),
    0,
  )
}

function node(pairs: readonly Pair[], depth: number): Uint8Array {
  const [first] = pairs
  if (first === undefined) return new Uint8Array(32)
  if (pairs.length === 1) return sha256(Uint8Array.of(0), first.path, sha256(first.value))
  const children = [0, 1, 2, 3].map(step =>
    node(
      pairs.filter(({ bits }) => Number.parseInt(bits.slice(depth * 2, depth * 2 + 2), 2) === step),
      depth + 1,
    ),
  )
  return sha256(Uint8Array.of(1), ...children)
}

function bitsOf(path: Uint8Array): string {
  return [...path].map(byte => byte.toString(2).padStart(8, '0')).join('')
}

/** What a map holds after changes. */
export function applyTo(pairs: Map<string, Uint8Array>, changes: Changes): void {
  for (const [key, value] of changes) {
    if (value === undefined) pairs.delete(key)
    else pairs.set(key, value)
  }
}

/**
 * Keys are their own paths, as hex padded with zeros: what an attacker would have who can find keys whose hashes
 * agree in as many bits as he likes.
 */
export const chosenPath = (key: string): Uint8Array => Buffer.from(key.padEnd(64, '0'), 'hex')
export const chosenPaths: Hasher = {
  bytes: (input, output, offset) => output.set(sha256(input), offset),
  text: (input, output, offset) => output.set(chosenPath(input), offset),
}
