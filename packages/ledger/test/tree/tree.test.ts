import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Changes } from '../../src/core/state/view.js'
import { createHasher, createStateTree, type Hasher } from '../../src/core/tree/index.js'
import { nativeHasher } from '../../src/store/native-hasher.js'
import { applyTo, chosenPath, chosenPaths, hashedPath, naiveRoot } from './naive.js'

const bytes = fc.uint8Array({ maxLength: 40 })
const hashed = { hasher: nativeHasher, pathOf: hashedPath, key: fc.integer({ min: 0, max: 60 }).map(String) }
/** Paths that part after a few steps, after sixteen (where the sort key ends), and at the very last. */
const chosen = {
  hasher: chosenPaths,
  pathOf: chosenPath,
  key: fc
    .tuple(
      fc.constantFrom('', '00000000', 'ffffffff', '0'.repeat(63), 'f'.repeat(63)),
      fc.integer({ min: 0, max: 15 }),
    )
    .map(([prefix, digit]) => (prefix + digit.toString(16)).padEnd(64, '0')),
}

function changesOf(key: fc.Arbitrary<string>): fc.Arbitrary<Changes> {
  return fc
    .array(fc.tuple(key, fc.option(bytes, { nil: undefined, freq: 3 })), { maxLength: 30 })
    .map(entries => new Map(entries))
}

describe.each([
  ['hashed paths', hashed],
  ['paths that an attacker chose', chosen],
])('a tree over %s', (_, { hasher, pathOf, key }) => {
  it('has the root of the definition after any batches of inserts, updates and removals', () => {
    fc.assert(
      fc.property(fc.array(changesOf(key), { maxLength: 8 }), batches => {
        const tree = createStateTree({ hasher })
        const pairs = new Map<string, Uint8Array>()
        for (const changes of batches) {
          tree.apply(changes)
          applyTo(pairs, changes)
          expect(tree.root()).toEqual(new Uint8Array(naiveRoot(pairs, pathOf)))
          expect(tree.size).toBe(pairs.size)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('has one root for one content, whatever the order and the batches', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(key, bytes), { selector: ([name]) => name, maxLength: 40 }),
        fc.array(key, { maxLength: 20 }),
        fc.infiniteStream(fc.nat({ max: 1000 })),
        (pairs, passing, random) => {
          const whole = createStateTree({ hasher })
          whole.apply(new Map(pairs))
          const piecemeal = createStateTree({ hasher })
          const passers = passing.filter(name => !pairs.some(([present]) => present === name))
          for (const name of passers) piecemeal.apply(new Map([[name, Uint8Array.of(1)]]))
          for (const [name, value] of shuffled(pairs, random)) piecemeal.apply(new Map([[name, value]]))
          for (const name of passers) piecemeal.apply(new Map([[name, undefined]]))
          expect(piecemeal.root()).toEqual(whole.root())
        },
      ),
    )
  })

  it('finds what is present, and keeps each leaf for its key', () => {
    fc.assert(
      fc.property(fc.array(changesOf(key), { maxLength: 8 }), batches => {
        const tree = createStateTree({ hasher })
        const leaves = new Map<string, number>()
        for (const changes of batches) {
          tree.apply(changes, {
            set(leaf, name, value, created) {
              expect(value).toBe(changes.get(name))
              expect(created).toBe(!leaves.has(name))
              if (!created) expect(leaf).toBe(leaves.get(name))
              leaves.set(name, leaf)
            },
            remove(leaf, name) {
              expect(leaves.get(name)).toBe(leaf)
              leaves.delete(name)
            },
          })
          for (const name of changes.keys()) expect(tree.find(name)).toBe(leaves.get(name) ?? 0)
          expect(new Set(leaves.values()).size).toBe(leaves.size)
          expect(tree.size).toBe(leaves.size)
        }
      }),
    )
  })
})

describe('a tree', () => {
  const some = (from: number, to: number): [string, Uint8Array][] =>
    Array.from({ length: to - from }, (_, index) => [`k/${from + index}`, Uint8Array.of(index, index >> 8)])

  it('is zero when it is empty, before and after', () => {
    const tree = createStateTree()
    expect(tree.root()).toEqual(new Uint8Array(32))
    tree.apply(new Map(some(0, 100)))
    expect(tree.root()).not.toEqual(new Uint8Array(32))
    tree.apply(new Map(some(0, 100).map(([key]) => [key, undefined])))
    expect(tree.root()).toEqual(new Uint8Array(32))
    expect(tree.size).toBe(0)
  })

  it('is the same by the portable and by the native hash', () => {
    const portable = createStateTree()
    const native = createStateTree({ hasher: nativeHasher })
    const changes = new Map([...some(0, 500), ['naïve/ключ', Uint8Array.of(1)] as const])
    portable.apply(changes)
    native.apply(changes)
    expect(portable.root()).toEqual(native.root())
  })

  it('takes again the room of what was removed', () => {
    const tree = createStateTree({ hasher: nativeHasher })
    tree.apply(new Map(some(0, 5_000)))
    const { sizeBytes } = tree
    for (let round = 1; round < 10; round++) {
      tree.apply(new Map(some((round - 1) * 5_000, round * 5_000).map(([key]) => [key, undefined])))
      tree.apply(new Map(some(round * 5_000, (round + 1) * 5_000)))
    }
    expect(tree.sizeBytes).toBe(sizeBytes)
    expect(tree.root()).toEqual(new Uint8Array(naiveRoot(new Map(some(45_000, 50_000)))))
  })

  it('takes more changes at once than are sorted at once', () => {
    const changes = new Map([...some(0, 2_000), ['k/7', undefined] as const, ...some(2_000, 3_001)])
    const whole = createStateTree({ hasher: nativeHasher })
    const parts = createStateTree({ hasher: nativeHasher, batchItems: 100 })
    whole.apply(changes)
    parts.apply(changes)
    expect(parts.size).toBe(3_000)
    expect(parts.root()).toEqual(whole.root())
  })

  it('hashes the nodes above a change once, and no others', () => {
    let hashes = 0
    const portable = createHasher()
    const counting: Hasher = {
      ...portable,
      bytes(input, output, offset) {
        hashes++
        portable.bytes(input, output, offset)
      },
    }
    const tree = createStateTree({ hasher: counting })
    tree.apply(new Map(some(0, 4_096)))
    // A value, a leaf and an inner node each: there are 1/ln 4 inner nodes for a leaf.
    expect(hashes).toBeLessThan(4_096 * 3)
    hashes = 0
    tree.apply(new Map(some(7, 8)))
    // A value, a leaf, and the nodes of one path: log₄ 4096 is 6.
    expect(hashes).toBeLessThan(2 + 14)
    hashes = 0
    tree.apply(new Map(some(0, 1_000)))
    expect(hashes).toBeLessThan(1_000 * 2 + 341 + 1_000 * 2)
  })
})

describe('an image', () => {
  it('is of the moment when its first part was read, whatever changes while the rest is', () => {
    fc.assert(
      fc.property(
        fc.array(changesOf(hashed.key), { maxLength: 6 }),
        fc.nat({ max: 4_000 }),
        (later, count) => {
          const many: Changes = new Map(
            Array.from({ length: count }, (_, index) => [`many/${index}`, Uint8Array.of(index)]),
          )
          const tree = createStateTree({ hasher: nativeHasher })
          tree.apply(many)
          const root = tree.root()
          const image = tree.image()
          const parts = [image.next().value!]
          // What was there goes, what is new takes its place, while the image is being read.
          const gone = [...many.keys()]
            .filter((_, index) => index % 3 === 0)
            .map(key => [key, undefined] as const)
          for (const changes of [new Map(gone), ...later]) {
            tree.apply(changes)
            const part = image.next()
            if (!part.done) parts.push(part.value)
          }
          parts.push(...image)

          const bytes = Buffer.concat(parts)
          let at = 0
          const read = (target: Uint8Array): void => {
            target.set(bytes.subarray(at, at + target.length))
            at += target.length
          }
          const copy = createStateTree({ hasher: nativeHasher, readImage: read })
          expect(at).toBe(bytes.length)
          expect(copy.root()).toEqual(root)
          for (const changes of [new Map(gone), ...later]) copy.apply(changes)
          expect(copy.root()).toEqual(tree.root())
          expect(copy.size).toBe(tree.size)
        },
      ),
      { numRuns: 60 },
    )
  })
})

function shuffled<Item>(items: readonly Item[], random: Iterator<number>): Item[] {
  const rest = [...items]
  return items.map(() => rest.splice(random.next().value % rest.length, 1)[0]!)
}
