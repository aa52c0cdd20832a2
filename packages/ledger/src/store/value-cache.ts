/** Bytes before a value in the ring: the room it has, and its length. */
const HEAD_BYTES = 8
const FIRST_BYTES = 2 ** 20
/** Values that differ by less keep their place when they change. */
const STEP_BYTES = 16
const SLAB_BYTES = 16_384

/**
 * Values by leaf of the tree, in one ring of memory: bounded, and without an object per value, so that a million
 * of them cost the collector nothing.
 *
 * A value that changes stays where it is if it fits; else it is written at the ring's end, where it overwrites
 * what is oldest. A leaf remembers the place as a position that counts on for ever, so it is known from that
 * alone whether the value is still there. What is read when half of the ring was written since moves to the end.
 */
export class ValueCache {
  readonly #maxBytes: number
  #ring: Uint8Array
  #words: DataView
  /** Where the next value goes; the place in the ring is the remainder. */
  #end = 0
  #slab = new Uint8Array(SLAB_BYTES)
  #slabEnd = 0
  /** By leaf: the value's position plus 1, or 0. */
  #positions = new Float64Array(1024)

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
    this.#ring = new Uint8Array(Math.min(FIRST_BYTES, maxBytes))
    this.#words = new DataView(this.#ring.buffer)
  }

  get sizeBytes(): number {
    return this.#ring.byteLength + this.#positions.byteLength
  }

  /** A copy of the value, or `undefined` where it is not kept (any more). */
  get(leaf: number): Uint8Array | undefined {
    const seen = this.peek(leaf)
    if (seen === undefined) return undefined
    const value = this.#copy(seen)
    if (this.#end - this.#positions[leaf]! >= this.#maxBytes / 2) this.#append(leaf, value)
    return value
  }

  /** The value as it lies in the ring, for a look: it holds until something is put. */
  peek(leaf: number): Uint8Array | undefined {
    const position = this.#position(leaf)
    if (position < 0) return undefined
    const at = (position % this.#ring.length) + HEAD_BYTES
    return this.#ring.subarray(at, at + this.#words.getUint32(at - 4, true))
  }

  put(leaf: number, value: Uint8Array): void {
    const position = this.#position(leaf)
    if (position >= 0) {
      const at = position % this.#ring.length
      if (value.length <= this.#words.getUint32(at, true)) {
        this.#words.setUint32(at + 4, value.length, true)
        this.#ring.set(value, at + HEAD_BYTES)
        return
      }
    }
    this.#append(leaf, value)
  }

  drop(leaf: number): void {
    if (leaf < this.#positions.length) this.#positions[leaf] = 0
  }

  /** The value's position, or −1 where it was overwritten or never here. */
  #position(leaf: number): number {
    if (leaf >= this.#positions.length) return -1
    const position = this.#positions[leaf]! - 1
    return position >= 0 && this.#end - position <= this.#ring.length ? position : -1
  }

  #append(leaf: number, value: Uint8Array): void {
    const room = Math.ceil((value.length + 1) / STEP_BYTES) * STEP_BYTES
    const needed = HEAD_BYTES + room
    // A value that would push out much of the rest is not worth its room.
    if (needed > this.#maxBytes / 8) {
      this.drop(leaf)
      return
    }
    while (this.#end + needed > this.#ring.length && this.#ring.length < this.#maxBytes) this.#grow()
    const left = this.#ring.length - (this.#end % this.#ring.length)
    if (left < needed) this.#end += left
    const at = this.#end % this.#ring.length
    this.#words.setUint32(at, room, true)
    this.#words.setUint32(at + 4, value.length, true)
    this.#ring.set(value, at + HEAD_BYTES)
    this.#remember(leaf, this.#end)
    this.#end += needed
  }

  /** A copy in memory that many small values share: an allocation for each takes three times as long. */
  #copy(value: Uint8Array): Uint8Array {
    if (value.length > SLAB_BYTES / 16) return value.slice()
    if (this.#slabEnd + value.length > SLAB_BYTES) {
      this.#slab = new Uint8Array(SLAB_BYTES)
      this.#slabEnd = 0
    }
    const copy = this.#slab.subarray(this.#slabEnd, this.#slabEnd + value.length)
    copy.set(value)
    this.#slabEnd += value.length
    return copy
  }

  /** Only until the ring is as large as it may be: nothing was overwritten yet. */
  #grow(): void {
    const larger = new Uint8Array(Math.min(this.#ring.length * 2, this.#maxBytes))
    larger.set(this.#ring)
    this.#ring = larger
    this.#words = new DataView(larger.buffer)
  }

  #remember(leaf: number, position: number): void {
    if (leaf >= this.#positions.length) {
      const larger = new Float64Array(Math.max(this.#positions.length * 2, leaf + 1))
      larger.set(this.#positions)
      this.#positions = larger
    }
    this.#positions[leaf] = position + 1
  }
}
