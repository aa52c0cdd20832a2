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
  readonly key: string
  readonly before: unknown
  form: Form<unknown>
  value: unknown
}

/** The key in the state of a value: its collection's name and its id, or a name of its own. */
const keyOf = (name: string, id: string): string => (id === '' ? name : `${name}/${id}`)

/**
 * A state that is being changed. Values are read once, kept decoded, and written as new ones: nothing that was
 * read is ever changed in place, so that a change can be taken back by putting the value before it in its place.
 *
 * Values are found by their collection's name and their id: a key joined from both would have to be made, and hashed,
 * each time that a rule looks at an account. `id` is empty for a value that is the only one of its name.
 */
export class Draft {
  readonly #view: StateView
  readonly #entries = new Map<string, Map<string, Entry>>()
  readonly #journal: [entry: Entry, form: Form<unknown>, value: unknown][] = []

  constructor(view: StateView) {
    this.#view = view
  }

  /** The value under a name and an id. */
  read<Value>(name: string, id: string, form: Form<Value>): Value | undefined {
    return this.#entry(name, id, form).value as Value | undefined
  }

  /** Puts a value under a name and an id; `undefined` removes it. */
  write<Value>(name: string, id: string, form: Form<Value>, value: Value | undefined): void {
    const entry = this.#entry(name, id, form)
    this.#journal.push([entry, entry.form, entry.value])
    entry.form = form as Form<unknown>
    entry.value = value
  }

  /** A point to come back to. */
  mark(): number {
    return this.#journal.length
  }

  /** Takes back every change since a mark. */
  undoTo(mark: number): void {
    while (this.#journal.length > mark) {
      const [entry, form, value] = this.#journal.pop()!
      entry.form = form
      entry.value = value
    }
  }

  /** What has changed, encoded, sorted by key. */
  changes(): Changes {
    const changed = this.#changed().sort((a, b) => (a.key < b.key ? -1 : 1))
    return new Map(
      changed.map(({ key, form, value }) => [
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
    for (const { form, before, value } of this.#changed()) {
      if (form.holdings === undefined) continue
      if (before !== undefined) add(form.holdings(before), -1n)
      if (value !== undefined) add(form.holdings(value), 1n)
    }
    return delta
  }

  #changed(): Entry[] {
    const changed: Entry[] = []
    for (const entries of this.#entries.values())
      for (const entry of entries.values()) if (entry.value !== entry.before) changed.push(entry)
    return changed
  }

  #entry<Value>(name: string, id: string, form: Form<Value>): Entry {
    let entries = this.#entries.get(name)
    if (entries === undefined) {
      entries = new Map()
      this.#entries.set(name, entries)
    }
    const known = entries.get(id)
    if (known !== undefined) return known
    const key = keyOf(name, id)
    const bytes = this.#view.get(key)
    const value = bytes === undefined ? undefined : form.codec.decode(bytes)
    const entry: Entry = { key, before: value, form: form as Form<unknown>, value }
    entries.set(id, entry)
    return entry
  }
}
