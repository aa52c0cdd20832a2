import { HASH_BYTES, INNER, INNER_BYTES } from './format.js'
import type { Frozen, Nodes } from './image.js'

const FIRST_CAPACITY = 1024

/**
 * The inner nodes: for each, the bytes that are hashed (0x01 and the nodes of its four children, side by side, so
 * that a hash reads one stretch of memory) and references to the children. Index 0 is nobody's.
 */
export class InnerNodes implements Nodes {
  bytes = new Uint8Array(FIRST_CAPACITY * INNER_BYTES)
  /** Four references each: 0 nothing, above 0 an inner node, below 0 the leaf of that index negated. */
  children = new Int32Array(FIRST_CAPACITY * 4)
  /** Indices below this have been given out at some time. */
  end = 1
  /** The first node of the free list, which goes on in its first child; 0 where it is empty. */
  free = 0
  /** What keeps the nodes as they were, while an image is taken. */
  frozen: Frozen | undefined

  get arrays() {
    return [
      { bytes: this.bytes, itemBytes: INNER_BYTES },
      { bytes: new Uint8Array(this.children.buffer), itemBytes: 16 },
    ]
  }

  /** Makes room for the nodes of an image; the indices below `end` are then its own. */
  restore(end: number, free: number): void {
    while (this.children.length < end * 4) this.#grow()
    this.end = end
    this.free = free
  }

  /** A node without children; its hashed bytes are zero behind the first. */
  allocate(): number {
    let index = this.free
    if (index !== 0) this.free = this.children[index * 4]!
    else {
      index = this.end++
      if (index * 4 === this.children.length) this.#grow()
    }
    this.frozen?.keep(index)
    this.children.fill(0, index * 4, index * 4 + 4)
    this.bytes.fill(0, index * INNER_BYTES, (index + 1) * INNER_BYTES)
    this.bytes[index * INNER_BYTES] = INNER
    return index
  }

  release(index: number): void {
    this.frozen?.keep(index)
    this.children[index * 4] = this.free
    this.free = index
  }

  #grow(): void {
    this.bytes = doubled(this.bytes)
    this.children = doubled(this.children)
  }
}

/** The leaves: path and H(value) of each. Index 0 is nobody's; a leaf keeps its index while its key is present. */
export class Leaves implements Nodes {
  paths = new Uint8Array(FIRST_CAPACITY * HASH_BYTES)
  valueHashes = new Uint8Array(FIRST_CAPACITY * HASH_BYTES)
  /** Indices below this have been given out at some time. */
  end = 1
  /** The first leaf of the free list, which goes on in the first bytes of its path; 0 where it is empty. */
  free = 0
  /** What keeps the leaves as they were, while an image is taken. */
  frozen: Frozen | undefined

  get arrays() {
    return [
      { bytes: this.paths, itemBytes: HASH_BYTES },
      { bytes: this.valueHashes, itemBytes: HASH_BYTES },
    ]
  }

  /** Makes room for the leaves of an image; the indices below `end` are then its own. */
  restore(end: number, free: number): void {
    while (this.paths.length < end * HASH_BYTES) this.#grow()
    this.end = end
    this.free = free
  }

  /** A leaf with the path at `offset` of `paths` and no value hash yet. */
  allocate(paths: Uint8Array, offset: number): number {
    let index = this.free
    if (index !== 0) this.free = readIndex(this.paths, index * HASH_BYTES)
    else {
      index = this.end++
      if (index * HASH_BYTES === this.paths.length) this.#grow()
    }
    this.frozen?.keep(index)
    const to = index * HASH_BYTES
    for (let byte = 0; byte < HASH_BYTES; byte++) this.paths[to + byte] = paths[offset + byte]!
    return index
  }

  release(index: number): void {
    this.frozen?.keep(index)
    writeIndex(this.paths, index * HASH_BYTES, this.free)
    this.free = index
  }

  /** Whether the leaf's path is the one at `offset` of `paths`. */
  hasPath(index: number, paths: Uint8Array, offset: number): boolean {
    const own = index * HASH_BYTES
    for (let byte = 0; byte < HASH_BYTES; byte++) {
      if (this.paths[own + byte] !== paths[offset + byte]) return false
    }
    return true
  }

  #grow(): void {
    this.paths = doubled(this.paths)
    this.valueHashes = doubled(this.valueHashes)
  }
}

function doubled<Array extends Uint8Array<ArrayBuffer> | Int32Array<ArrayBuffer>>(array: Array): Array {
  const larger = new (array.constructor as new (length: number) => Array)(array.length * 2)
  larger.set(array)
  return larger
}

function readIndex(bytes: Uint8Array, offset: number): number {
  return bytes[offset]! | (bytes[offset + 1]! << 8) | (bytes[offset + 2]! << 16) | (bytes[offset + 3]! << 24)
}

function writeIndex(bytes: Uint8Array, offset: number, index: number): void {
  bytes[offset] = index
  bytes[offset + 1] = index >> 8
  bytes[offset + 2] = index >> 16
  bytes[offset + 3] = index >> 24
}
