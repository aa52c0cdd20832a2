import type { Draft, Form } from './draft.js'

/** Values of one form under keys `<name>/<id>`. Ids are what sorts alike everywhere: hexadecimal or padded decimal. */
export interface Collection<Value> {
  readonly name: string
  get(draft: Draft, id: string): Value | undefined
  set(draft: Draft, id: string, value: Value): void
  delete(draft: Draft, id: string): void
  /** The key in the state, for proofs. */
  key(id: string): string
}

/** A collection; its name is unique in the ledger. */
export function collection<Value>(name: string, form: Form<Value>): Collection<Value> {
  return {
    name,
    key: id => `${name}/${id}`,
    get: (draft, id) => draft.read(name, id, form),
    set: (draft, id, value) => draft.write(name, id, form, value),
    delete: (draft, id) => draft.write(name, id, form, undefined),
  }
}

/** One value of its own, under `name`. */
export interface Single<Value> {
  readonly key: string
  get(draft: Draft): Value | undefined
  set(draft: Draft, value: Value | undefined): void
}

/** A value there is one of. */
export function single<Value>(key: string, form: Form<Value>): Single<Value> {
  return {
    key,
    get: draft => draft.read(key, '', form),
    set: (draft, value) => draft.write(key, '', form, value),
  }
}
