/** Remembers the newest of many things: at least `size` of them, at most twice as many. */
export class RecentSet {
  readonly #size: number
  #young = new Set<string>()
  #old = new Set<string>()

  constructor(size: number) {
    this.#size = size
  }

  has(name: string): boolean {
    return this.#young.has(name) || this.#old.has(name)
  }

  /** Takes it in; `false` where it was here. */
  add(name: string): boolean {
    if (this.has(name)) return false
    if (this.#young.size >= this.#size) this.age()
    this.#young.add(name)
    return true
  }

  delete(name: string): void {
    this.#young.delete(name)
    this.#old.delete(name)
  }

  /** Forgets what was not added since this was called last. */
  age(): void {
    this.#old = this.#young
    this.#young = new Set()
  }
}
