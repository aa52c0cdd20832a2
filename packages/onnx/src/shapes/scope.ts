import type { Fact } from './fact.js'

/** What the values of a body are known to be; names of outer graphs are seen, those of callers are not. */
export class Scope {
  readonly facts = new Map<string, Fact>()
  readonly #outer: Scope | undefined

  constructor(outer?: Scope) {
    this.#outer = outer
  }

  get(name: string): Fact | undefined {
    return this.facts.get(name) ?? this.#outer?.get(name)
  }

  set(name: string, fact: Fact): void {
    this.facts.set(name, fact)
  }
}
