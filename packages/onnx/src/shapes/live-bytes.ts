/** Bytes of a body's values that are alive, and the most that were at once. */
export class LiveBytes {
  peak = 0n
  readonly #alive = new Map<string, bigint>()
  #total = 0n

  /** Counts what an operator writes, and what is needed only while it runs. */
  add(written: readonly (readonly [name: string, bytes: bigint])[], inside: bigint): void {
    for (const [name, bytes] of written) {
      this.#alive.set(name, bytes)
      this.#total += bytes
    }
    if (this.#total + inside > this.peak) this.peak = this.#total + inside
  }

  /** Values that nothing uses any more. */
  free(names: readonly string[]): void {
    for (const name of names) {
      this.#total -= this.#alive.get(name) ?? 0n
      this.#alive.delete(name)
    }
  }
}
