import type { Changes } from '../state/view.js'
import { BATCH_ITEMS, type Batch, partEnd, sortByPath } from './batch.js'
import { END, HASH_BYTES, INNER_BYTES, LEAF, LEAF_BYTES, stepOf } from './format.js'
import { createHasher, type Hasher } from './hasher.js'
import { Frozen, fill } from './image.js'
import { InnerNodes, Leaves } from './nodes.js'
import { isZero, type Proof } from './proof.js'

/**
 * Told of every leaf that `apply` sets or removes, in no particular order. A leaf is a small number above 0 that
 * stays its key's while the key is present and is given to another key afterwards, so that values can be kept
 * in arrays beside the tree.
 */
export interface LeafObserver {
  set(leaf: number, key: string, value: Uint8Array, created: boolean): void
  remove(leaf: number, key: string): void
}

/** A commitment to all keys and values, in memory; `format.ts` defines what its root is. */
export interface StateTree {
  /** How many keys are present. */
  readonly size: number
  /** The root: 32 bytes of the caller's own. */
  root(): Uint8Array
  /** Sets and removes; hashes every node above a change once. A removal of a key that is absent does nothing. */
  apply(changes: Changes, observer?: LeafObserver): void
  /** The leaf of `key`, or 0 where the key is absent. */
  find(key: string): number
  /** Shows what is under `key`: with `verifyProof`, its value or that it is absent. */
  prove(key: string): Proof
  /** Memory of the arrays. */
  readonly sizeBytes: number
  /**
   * The tree as it is when the first part is read, in parts of some 100 kB: the rest can be read at leisure while
   * the tree changes, only what changes before it was read is copied. One image at a time, read to its end or
   * ended with `return()`. For `createStateTree` on a machine of the same byte order.
   */
  image(): Generator<Uint8Array, void, undefined>
}

export interface StateTreeInit {
  /** SHA-256; the portable one when left out. */
  hasher?: Hasher
  /** How many changes are sorted and applied at once, at most (and when left out) 2²⁰; fewer take less memory. */
  batchItems?: number
  /** Fills each target with the next bytes of an image, which is trusted; the tree is empty when left out. */
  readImage?: (target: Uint8Array) => void
}

/** A tree. */
export function createStateTree(init: StateTreeInit = {}): StateTree {
  const tree = new RadixTree(
    init.hasher ?? createHasher(),
    Math.min(init.batchItems ?? BATCH_ITEMS, BATCH_ITEMS),
  )
  if (init.readImage !== undefined) tree.restore(init.readImage)
  return tree
}

const NOTHING: Batch = { length: 0, paths: new Uint8Array(), order: new Uint32Array() }

/** A 4-ary radix tree in typed arrays: no object per node, so that a million keys cost the collector nothing. */
class RadixTree implements StateTree {
  size = 0
  private readonly hasher: Hasher
  private readonly batchItems: number
  private readonly inner = new InnerNodes()
  private readonly leaves = new Leaves()
  /** Reference to the topmost node: 0 nothing, above 0 an inner node, below 0 the leaf of that index negated. */
  private top = 0
  private readonly rootBytes = new Uint8Array(HASH_BYTES)
  private readonly leafBytes = new Uint8Array(LEAF_BYTES)
  private readonly path = new Uint8Array(HASH_BYTES)

  // Of the batch that `apply` works on.
  private batch = NOTHING
  private keys: readonly string[] = []
  private values: readonly (Uint8Array | undefined)[] = []
  private observer: LeafObserver | undefined

  constructor(hasher: Hasher, batchItems: number) {
    this.hasher = hasher
    this.batchItems = batchItems
    this.leafBytes[0] = LEAF
  }

  get sizeBytes(): number {
    const { inner, leaves } = this
    return (
      inner.bytes.byteLength +
      inner.children.byteLength +
      leaves.paths.byteLength +
      leaves.valueHashes.byteLength
    )
  }

  root(): Uint8Array {
    return this.rootBytes.slice()
  }

  apply(changes: Changes, observer?: LeafObserver): void {
    if (changes.size === 0) return
    const keys = [...changes.keys()]
    const values = [...changes.values()]
    this.observer = observer
    for (let from = 0; from < keys.length; from += this.batchItems) {
      this.keys = keys.slice(from, from + this.batchItems)
      this.values = values.slice(from, from + this.batchItems)
      this.batch = sortByPath(this.keys, this.hasher)
      this.top = this.update(this.top, 0, 0, this.batch.length)
    }
    this.writeNode(this.top, this.rootBytes, 0)
    this.batch = NOTHING
    this.keys = []
    this.values = []
    this.observer = undefined
  }

  find(key: string): number {
    this.hasher.text(key, this.path, 0)
    const ref = this.walk()
    return ref < 0 && this.leaves.hasPath(-ref, this.path, 0) ? -ref : 0
  }

  prove(key: string): Proof {
    this.hasher.text(key, this.path, 0)
    const { bytes } = this.inner
    const steps: Uint8Array[] = []
    const ref = this.walk((index, step) => {
      const from = index * INNER_BYTES + 1
      const parts = new Uint8Array(1 + 3 * HASH_BYTES)
      let length = 1
      for (let child = 0; child < 4; child++) {
        const at = from + child * HASH_BYTES
        if (isZero(bytes, at)) continue
        parts[0]! |= 1 << child
        if (child === step) continue
        parts.set(bytes.subarray(at, at + HASH_BYTES), length)
        length += HASH_BYTES
      }
      steps.push(parts.subarray(0, length))
    })
    const end = this.endOf(ref)
    return joined([Uint8Array.of(end[0]!, steps.length), end.subarray(1), ...steps])
  }

  *image(): Generator<Uint8Array, void, undefined> {
    const { inner, leaves } = this
    const head = Float64Array.of(this.size, this.top, inner.end, inner.free, leaves.end, leaves.free)
    const frozen = [inner, leaves].map(nodes => (nodes.frozen = new Frozen(nodes)))
    try {
      yield new Uint8Array(head.buffer)
      for (const nodes of frozen) yield* nodes.parts()
    } finally {
      inner.frozen = undefined
      leaves.frozen = undefined
    }
  }

  restore(read: (target: Uint8Array) => void): void {
    const head = new Float64Array(6)
    read(new Uint8Array(head.buffer))
    this.size = head[0]!
    this.top = head[1]!
    this.inner.restore(head[2]!, head[3]!)
    this.leaves.restore(head[4]!, head[5]!)
    fill(this.inner, read)
    fill(this.leaves, read)
    this.writeNode(this.top, this.rootBytes, 0)
  }

  /** How a proof ends whose walk came to `ref`: the first byte, and the other pair where there is one. */
  private endOf(ref: number): Uint8Array {
    if (ref === 0) return Uint8Array.of(END.empty)
    const at = -ref * HASH_BYTES
    if (this.leaves.hasPath(-ref, this.path, 0)) return Uint8Array.of(END.pair)
    const other = new Uint8Array(1 + 2 * HASH_BYTES)
    other[0] = END.other
    other.set(this.leaves.paths.subarray(at, at + HASH_BYTES), 1)
    other.set(this.leaves.valueHashes.subarray(at, at + HASH_BYTES), 1 + HASH_BYTES)
    return other
  }

  /** Follows `this.path` down to a leaf or to nothing. */
  private walk(visit?: (index: number, step: number) => void): number {
    let ref = this.top
    for (let depth = 0; ref > 0; depth++) {
      const step = stepOf(this.path, 0, depth)
      visit?.(ref, step)
      ref = this.inner.children[ref * 4 + step]!
    }
    return ref
  }

  /** Applies the batch's changes `[from, to)`, which belong below `ref`; what hangs there afterwards. */
  private update(ref: number, depth: number, from: number, to: number): number {
    if (from === to) return ref
    if (ref > 0) return this.updateInner(ref, depth, from, to, -1)
    if (to - from === 1) {
      const change = this.batch.order[from]!
      const value = this.values[change]
      if (ref !== 0 && this.leaves.hasPath(-ref, this.batch.paths, from * HASH_BYTES)) {
        return value === undefined ? this.removeLeaf(-ref, change) : this.setLeaf(-ref, change, value, false)
      }
      if (value === undefined) return ref
      if (ref === 0) {
        const leaf = this.leaves.allocate(this.batch.paths, from * HASH_BYTES)
        return this.setLeaf(leaf, change, value, true)
      }
    }
    const index = this.inner.allocate()
    const step = ref === 0 ? -1 : stepOf(this.leaves.paths, -ref * HASH_BYTES, depth)
    if (ref !== 0) this.inner.children[index * 4 + step] = ref
    return this.updateInner(index, depth, from, to, step)
  }

  /** `fresh` is the step of a child whose hash is not written yet, or −1. */
  private updateInner(index: number, depth: number, from: number, to: number, fresh: number): number {
    this.inner.frozen?.keep(index)
    let begin = from
    for (let step = 0; step < 4; step++) {
      const end = step === 3 ? to : partEnd(this.batch, begin, to, depth, step)
      if (end > begin || step === fresh) {
        const slot = index * 4 + step
        const child = this.update(this.inner.children[slot]!, depth + 1, begin, end)
        this.inner.children[slot] = child
        this.writeNode(child, this.inner.bytes, index * INNER_BYTES + 1 + step * HASH_BYTES)
      }
      begin = end
    }
    return this.collapsed(index)
  }

  /** An inner node over fewer than two pairs gives way to what it holds. */
  private collapsed(index: number): number {
    const { children } = this.inner
    let only = 0
    for (let slot = index * 4; slot < index * 4 + 4; slot++) {
      const child = children[slot]!
      if (child === 0) continue
      if (child > 0 || only !== 0) return index
      only = child
    }
    this.inner.release(index)
    return only
  }

  private setLeaf(leaf: number, change: number, value: Uint8Array, created: boolean): number {
    this.leaves.frozen?.keep(leaf)
    this.hasher.bytes(value, this.leaves.valueHashes, leaf * HASH_BYTES)
    if (created) this.size++
    this.observer?.set(leaf, this.keys[change]!, value, created)
    return -leaf
  }

  private removeLeaf(leaf: number, change: number): number {
    this.size--
    this.observer?.remove(leaf, this.keys[change]!)
    this.leaves.release(leaf)
    return 0
  }

  /** Writes the hash of what `ref` refers to; its own bytes are up to date. */
  private writeNode(ref: number, output: Uint8Array, offset: number): void {
    if (ref > 0) {
      const from = ref * INNER_BYTES
      this.hasher.bytes(this.inner.bytes.subarray(from, from + INNER_BYTES), output, offset)
    } else if (ref < 0) {
      const { leafBytes, leaves } = this
      const from = -ref * HASH_BYTES
      for (let byte = 0; byte < HASH_BYTES; byte++) {
        leafBytes[1 + byte] = leaves.paths[from + byte]!
        leafBytes[1 + HASH_BYTES + byte] = leaves.valueHashes[from + byte]!
      }
      this.hasher.bytes(leafBytes, output, offset)
    } else output.fill(0, offset, offset + HASH_BYTES)
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
