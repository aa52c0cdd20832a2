import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockIdOf, hashParts, isPartOf, wholeCandidate } from '../../src/consensus/core/index.js'

const arbitraryParts = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 20 })

const isEqual = (a: Uint8Array, b: Uint8Array): boolean => String(a) === String(b)

describe('the tree over parts', () => {
  it('is that of RFC 6962', () => {
    // SHA-256 of a zero byte: the published root of a tree with one empty leaf.
    expect(hashParts([new Uint8Array(0)]).root).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    )
    // The first three leaves of certificate-transparency's reference tree.
    const leaves = [new Uint8Array(0), Uint8Array.of(0), Uint8Array.of(0x10)]
    expect(hashParts(leaves).root).toBe('aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77')
  })

  it('proves every part', () => {
    fc.assert(
      fc.property(arbitraryParts, parts => {
        const { root, proofs } = hashParts(parts)
        for (const [index, part] of parts.entries())
          expect(isPartOf(root, parts.length, index, part, proofs[index]!)).toBe(true)
      }),
    )
  })

  it('proves no other bytes, place or proof', () => {
    fc.assert(
      fc.property(arbitraryParts, fc.nat(), fc.nat(), (parts, at, bit) => {
        const { root, proofs } = hashParts(parts)
        const index = at % parts.length
        const part = parts[index]!
        const proof = proofs[index]!
        expect(isPartOf(root, parts.length, index, Uint8Array.of(...part, 0), proof)).toBe(false)
        for (const other of parts.keys())
          if (!isEqual(parts[other]!, part))
            expect(isPartOf(root, parts.length, other, part, proof)).toBe(false)
        expect(isPartOf(root, parts.length, index, part, [...proof, new Uint8Array(32)])).toBe(false)
        if (proof.length === 0) return
        const flipped = proof.map(hash => hash.slice())
        const hash = flipped[bit % flipped.length]!
        hash[bit % 32]! ^= 1
        expect(isPartOf(root, parts.length, index, part, flipped)).toBe(false)
      }),
    )
  })
})

describe("a block's id", () => {
  const header = '11'.repeat(32)
  const root = '22'.repeat(32)

  it('binds header, number of parts and root', () => {
    const ids = [
      blockIdOf(header, 3, root),
      blockIdOf(header, 4, root),
      blockIdOf(root, 3, root),
      blockIdOf(header, 3, header),
    ]
    expect(new Set(ids).size).toBe(4)
  })

  it('is that of the block that its parts make', () => {
    const { blockId, parts, partsRoot } = wholeCandidate(1, header, new Uint8Array(1_000), 64)
    expect(parts).toHaveLength(16)
    expect(blockId).toBe(blockIdOf(header, 16, partsRoot))
  })
})
