import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { END, PROOF_MAX_BYTES } from '../../src/core/tree/format.js'
import { createStateTree, type Hasher, verifyProof } from '../../src/core/tree/index.js'
import { nativeHasher } from '../../src/store/native-hasher.js'
import { chosenPaths } from './naive.js'

const pairsOf = (count: number): Map<string, Uint8Array> =>
  new Map(Array.from({ length: count }, (_, index) => [`accounts/${index}`, Uint8Array.of(index, 7)]))

function treeOf(pairs: ReadonlyMap<string, Uint8Array>, hasher: Hasher = nativeHasher) {
  const tree = createStateTree({ hasher })
  tree.apply(pairs)
  return { tree, root: tree.root() }
}

const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const copy = bytes.slice()
  copy[bit >> 3]! ^= 1 << (bit & 7)
  return copy
}

describe('a proof', () => {
  it('shows every pair that is present and the absence of every other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 400 }), (count, index) => {
        const pairs = pairsOf(count)
        const { tree, root } = treeOf(pairs)
        const key = `accounts/${index}`
        const value = pairs.get(key)
        const proof = tree.prove(key)
        expect(verifyProof(root, key, value, proof)).toBe(true)
        expect(verifyProof(root, key, value, proof, nativeHasher)).toBe(true)
        expect(verifyProof(root, key, value === undefined ? Uint8Array.of(1) : undefined, proof)).toBe(false)
        if (value === undefined) return
        expect(verifyProof(root, key, flipped(value, 3), proof)).toBe(false)
        expect(verifyProof(root, `${key}0`, value, proof)).toBe(false)
      }),
    )
  })

  it('is about a kilobyte at 100,000 keys', () => {
    const { tree } = treeOf(pairsOf(100_000))
    const sizes = Array.from({ length: 200 }, (_, index) => tree.prove(`accounts/${index * 499}`).length)
    expect(Math.max(...sizes)).toBeLessThan(1_100)
  })

  /** One key of each end that a proof can have, by a tree of as many pairs. */
  const ends = [1, 2, 5, 40, 300].flatMap(count =>
    Object.entries(END).flatMap(([end, code]) => {
      const { tree } = treeOf(pairsOf(count))
      const key = Array.from({ length: 2 * count + 60 }, (_, index) => `accounts/${index}`).find(
        name => tree.prove(name)[0] === code,
      )
      return key === undefined ? [] : [{ count, end, key }]
    }),
  )

  it('has every end among the keys tried here', () => {
    expect(new Set(ends.map(({ end }) => end)).size).toBe(3)
  })

  it.each(ends)('with one bit changed is refused: end $end among $count', ({ count, key }) => {
    const pairs = pairsOf(count)
    const { tree, root } = treeOf(pairs)
    const value = pairs.get(key)
    const proof = tree.prove(key)
    expect(verifyProof(root, key, value, proof)).toBe(true)
    for (let bit = 0; bit < proof.length * 8; bit++) {
      expect(verifyProof(root, key, value, flipped(proof, bit), nativeHasher)).toBe(false)
    }
    for (let bit = 0; bit < root.length * 8; bit++) {
      expect(verifyProof(flipped(root, bit), key, value, proof, nativeHasher)).toBe(false)
    }
    for (let bit = 0; value !== undefined && bit < value.length * 8; bit++) {
      expect(verifyProof(root, key, flipped(value, bit), proof, nativeHasher)).toBe(false)
    }
  })

  it('that is cut, lengthened or made up is refused without an error', () => {
    const pairs = pairsOf(64)
    const { tree, root } = treeOf(pairs)
    const key = 'accounts/9'
    const proof = tree.prove(key)
    for (let length = 0; length < proof.length; length++) {
      expect(verifyProof(root, key, pairs.get(key), proof.subarray(0, length), nativeHasher)).toBe(false)
    }
    expect(verifyProof(root, key, pairs.get(key), new Uint8Array([...proof, 0]))).toBe(false)
    expect(verifyProof(root.subarray(1), key, pairs.get(key), proof)).toBe(false)
    expect(verifyProof(root, key, pairs.get(key), new Uint8Array(PROOF_MAX_BYTES + 1))).toBe(false)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (made, present) => {
        expect(verifyProof(root, key, present ? Uint8Array.of(1) : undefined, made)).toBe(false)
      }),
    )
  })

  it('does not take a zero child for one that is listed', () => {
    const pairs = pairsOf(2)
    const { tree, root } = treeOf(pairs)
    const proof = [...tree.prove('accounts/0')]
    const missing = [0, 1, 2, 3].find(child => ((proof[2]! >> child) & 1) === 0)!
    const before = [0, 1, 2, 3].filter(child => child < missing && (proof[2]! >> child) & 1).length
    // The path's own child is not listed: try each place where the zero child could stand.
    for (const listed of [before, before - 1].filter(count => count >= 0)) {
      const at = 3 + listed * 32
      const padded = [
        ...proof.slice(0, 2),
        proof[2]! | (1 << missing),
        ...proof.slice(3, at),
        ...Array(32).fill(0),
        ...proof.slice(at),
      ]
      expect(verifyProof(root, 'accounts/0', pairs.get('accounts/0'), new Uint8Array(padded))).toBe(false)
    }
  })

  it('of absence cannot rest on a pair that hangs elsewhere', () => {
    const { tree, root } = treeOf(pairsOf(1))
    const key = 'accounts/0'
    const other = tree.prove('accounts/1')
    expect(verifyProof(root, 'accounts/1', undefined, other)).toBe(true)
    expect(verifyProof(root, key, undefined, other)).toBe(false)
  })

  it('is bounded where two paths part only at their last step', () => {
    const near = '0'.repeat(63)
    const pairs = new Map([
      [`${near}0`, Uint8Array.of(1)],
      [`${near}1`, Uint8Array.of(2)],
    ])
    const { tree, root } = treeOf(pairs, chosenPaths)
    const proof = tree.prove(`${near}0`)
    expect(proof[1]).toBe(128)
    expect(verifyProof(root, `${near}0`, Uint8Array.of(1), proof, chosenPaths)).toBe(true)
    const absent = tree.prove(`${near}2`)
    expect(verifyProof(root, `${near}2`, undefined, absent, chosenPaths)).toBe(true)
    expect(verifyProof(root, `${near}0`, undefined, absent, chosenPaths)).toBe(false)
  })
})
