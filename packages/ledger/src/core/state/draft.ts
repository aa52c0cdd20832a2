import type { Codec } from '@neurovoyance/protocol'
import type { Changes, StateView } from './view.js'

/** Coins that a value holds, by kind; what nobody holds is left out. */
export type Holdings = Readonly<Record<string, bigint>>

/** How values of one kind are kept: their bytes, and the coins in them. */
export interface Form<Value> {
  readonly codec: Codec<Value>
  /** The coins that a value holds; left out where values of this form hold none. */
  readonly holdings?: (value: Value) => Holdings
}

interface Entry {
  readonly form: Form<unknown>
  readonly before: unknown
  readonly value: unknown
}

/**
 * A state that is being changed. Values are read once, kept decoded, and written as new ones: nothing that was
 * read is ever changed in place, so that a change can be taken back by putting the value before it in its place.
 */
export class Draft {
  readonly #view: StateView
  readonly #entries = new Map<string, Entry>()
  readonly #journal: [key: string, entry: Entry][] = []

  constructor(view: StateView) {
    this.#view = view
  }

  /** The value under a key. */
  read<Value>(key: string, form: Form<Value>): Value | undefined {
    return this.#entry(key, form).value as Value | undefined
  }

  /** Puts a value under a key; `undefined` removes it. */
  write<Value>(key: string, form: Form<Value>, value: Value | undefined): void {
    const entry = this.#entry(key, form)
    this.#journal.push([key, entry])
    this.#entries.set(key, { form: form as Form<unknown>, before: entry.before, value })
  }

  /** A point to come back to. */
  mark(): number {
    return this.#journal.length
  }

  /** Takes back every change since a mark. */
  undoTo(mark: number): void {
    while (this.#journal.length > mark) {
      const [key, entry] = this.#journal.pop()!
      this.#entries.set(key, entry)
    }
  }

  /** What has changed, encoded, sorted by key. */
  changes(): Changes {
    const changed = [...this.#changed()].sort(([a], [b]) => (a < b ? -1 : 1))
    return new Map(
      changed.map(([key, { form, value }]) => [
        key,
        value === undefined ? undefined : form.codec.encode(value),
      ]),
    )
  }

  /** By how much the coins held have changed, by kind. */
  holdingsDelta(): Map<string, bigint> {
    const delta = new Map<string, bigint>()
    const add = (holdings: Holdings, sign: bigint): void => {
      for (const kind in holdings) delta.set(kind, (delta.get(kind) ?? 0n) + sign * holdings[kind]!)
    }
    for (const [, { form, before, value }] of this.#changed()) {
      if (form.holdings === undefined) continue
      if (before !== undefined) add(form.holdings(before), -1n)
      if (value !== undefined) add(form.holdings(value), 1n)
    }
    return delta
  }

  *#changed(): Generator<[string, Entry]> {
    for (const item of this.#entries) if (item[1].value !== item[1].before) yield item
  }

  #entry<Value>(key: string, form: Form<Value>): Entry {
    const known = this.#entries.get(key)
    if (known !== undefined) return known
    const bytes = this.#view.get(key)
    const value = bytes === undefined ? undefined : form.codec.decode(bytes)
    const entry: Entry = { form: form as Form<unknown>, before: value, value }
    this.#entries.set(key, entry)
    return entry
  }
}
