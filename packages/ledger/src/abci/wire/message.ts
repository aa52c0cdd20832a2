import type { WireReader, WireWriter } from '@neurovoyance/protocol'

/**
 * One field of a protobuf message: how it is read and written, and what it is where it is left out.
 *
 * ABCI's messages are declared with these, beside their limits, instead of being generated: there are forty of them,
 * most of a line or two, and none is ever sent to anybody but the engine next door.
 */
export interface Field<Value> {
  readonly number: number
  readonly wireType: 0 | 2
  /** What a message without it has; lists and messages begin anew with each. */
  initial(): Value
  /** The value after one more occurrence of the field. */
  read(reader: WireReader, path: string, before: Value): Value
  /** Writes nothing where it is what a message without it has. */
  write(writer: WireWriter, path: string, value: Value): void
}

/** What a message holds. */
export type Shape = { readonly [name: string]: unknown }

/** A message: its fields by their names. */
export interface MessageType<Value extends Shape> {
  readonly name: string
  read(reader: WireReader): Value
  write(writer: WireWriter, value: Partial<Value>): void
}

/** What messages of a type hold. */
export type ValueOf<Type> = Type extends MessageType<infer Value> ? Value : never

type Fields<Value extends Shape> = { readonly [Name in keyof Value]: Field<Value[Name]> }

/** Declares a message. Fields that it does not name are stepped over. */
export function message<Value extends Shape>(name: string, fields: Fields<Value>): MessageType<Value> {
  const list = Object.entries(fields).map(([field, type]) => ({
    name: field as keyof Value & string,
    path: `${name}.${field}`,
    type: type as Field<unknown>,
  }))
  const byTag = new Map(list.map(item => [item.type.number * 8 + item.type.wireType, item]))
  return {
    name,
    read(reader) {
      const value: Record<string, unknown> = {}
      for (const item of list) value[item.name] = item.type.initial()
      while (reader.position < reader.end) {
        const tag = reader.tag()
        const item = byTag.get(tag)
        if (item === undefined) reader.skip(tag)
        else value[item.name] = item.type.read(reader, item.path, value[item.name])
      }
      return value as Value
    },
    write(writer, value) {
      for (const { name: field, path, type } of list) {
        if (value[field] !== undefined) type.write(writer, path, value[field])
      }
    },
  }
}

/** Text of at most so many bytes. */
export const text = (number: number, maxBytes: number): Field<string> => ({
  number,
  wireType: 2,
  initial: () => '',
  read: (reader, path) => reader.string(path, maxBytes),
  write: (writer, path, value) => {
    if (value !== '') writer.string(number * 8 + 2, value, path, maxBytes)
  },
})

/** At most so many bytes. */
export const bytes = (number: number, maxBytes: number): Field<Uint8Array> => ({
  number,
  wireType: 2,
  initial: () => new Uint8Array(0),
  read: (reader, path) => reader.copy(path, maxBytes),
  write: (writer, path, value) => {
    if (value.length > 0) writer.copy(number * 8 + 2, value, path, maxBytes)
  },
})

/**
 * A whole number: heights, powers, codes. One that is negative or larger than `most` reads as `most`: users and peers
 * choose some of them, and CometBFT passes them on.
 */
export const whole = (number: number, most: number = Number.MAX_SAFE_INTEGER): Field<number> => ({
  number,
  wireType: 0,
  initial: () => 0,
  read: reader => Math.min(saturated(reader), most),
  write: (writer, path, value) => {
    if (value !== 0) writer.atMost(number * 8, value, path, most)
  },
})

function saturated(reader: WireReader): number {
  const { position } = reader
  try {
    return reader.varint('number')
  } catch {
    reader.position = position
    reader.skip(ANY_NUMBER)
    return Number.MAX_SAFE_INTEGER
  }
}

/** The tag of some field with a number. */
const ANY_NUMBER = 8

/** Yes or no. */
export const flag = (number: number): Field<boolean> => ({
  number,
  wireType: 0,
  initial: () => false,
  read: (reader, path) => reader.bool(path),
  write: (writer, path, value) => {
    if (value) writer.uint(number * 8, 1, path, 1)
  },
})

/** One of a few names, numbered from 0; a number without a name reads as the first. */
export const choice = <Name extends string>(
  number: number,
  names: readonly [Name, ...Name[]],
): Field<Name> => ({
  number,
  wireType: 0,
  initial: () => names[0],
  read: (reader, path) => names[reader.varint(path)] ?? names[0],
  write: (writer, path, value) => {
    const index = names.indexOf(value)
    if (index > 0) writer.uint(number * 8, index, path, names.length)
  },
})

/** A message within a message; absent where nothing is said. */
export const part = <Value extends Shape>(
  number: number,
  type: MessageType<Value>,
): Field<Value | undefined> => ({
  number,
  wireType: 2,
  initial: () => undefined,
  read: (reader, path) => reader.nested(path, inner => type.read(inner)),
  write: (writer, _path, value) => {
    if (value !== undefined) writer.nested(number * 8 + 2, value, (inner, item) => type.write(inner, item))
  },
})

/** At most so many messages. */
export const parts = <Value extends Shape>(
  number: number,
  type: MessageType<Value>,
  maxItems: number,
): Field<readonly Value[]> => ({
  number,
  wireType: 2,
  initial: () => [],
  read: (reader, path, before) =>
    appended(reader, path, before, maxItems, () => reader.nested(path, inner => type.read(inner))),
  write: (writer, path, value) => {
    writer.items(path, value.length, maxItems)
    for (const item of value) writer.nested(number * 8 + 2, item, (inner, one) => type.write(inner, one))
  },
})

/**
 * Pieces of bytes that strangers chose, such as the transactions of a proposal. One that is longer than `maxBytes`
 * reads as an empty one, and of more than `maxItems` one is kept to show it: whoever judges them refuses both, and
 * no proposer can make the engine stop over what it passes on.
 */
export const strangersBytes = (
  number: number,
  maxBytes: number,
  maxItems: number,
): Field<readonly Uint8Array[]> => ({
  number,
  wireType: 2,
  initial: () => [],
  read(reader, path, before) {
    if (before.length > maxItems) {
      reader.skip(number * 8 + 2)
      return before
    }
    return appended(reader, path, before, maxItems + 1, () => shortBytes(reader, path, maxBytes))
  },
  write: (writer, path, value) => {
    writer.items(path, value.length, maxItems)
    for (const item of value) writer.copy(number * 8 + 2, item, path, maxBytes)
  },
})

/** Bytes that a stranger chose; more than `maxBytes` read as none. */
export const strangersPiece = (number: number, maxBytes: number): Field<Uint8Array> => ({
  ...bytes(number, maxBytes),
  read: (reader, path) => shortBytes(reader, path, maxBytes),
})

function shortBytes(reader: WireReader, path: string, maxBytes: number): Uint8Array {
  const length = reader.length(path, Number.MAX_SAFE_INTEGER)
  const { position } = reader
  reader.position = position + length
  return length > maxBytes
    ? new Uint8Array(0)
    : new Uint8Array(reader.bytes.subarray(position, position + length))
}

/** At most so many pieces of bytes. */
export const manyBytes = (
  number: number,
  maxBytes: number,
  maxItems: number,
): Field<readonly Uint8Array[]> => ({
  ...strangersBytes(number, maxBytes, maxItems),
  read: (reader, path, before) => appended(reader, path, before, maxItems, () => reader.copy(path, maxBytes)),
})

/** At most so many texts. */
export const manyTexts = (number: number, maxBytes: number, maxItems: number): Field<readonly string[]> => ({
  number,
  wireType: 2,
  initial: () => [],
  read: (reader, path, before) =>
    appended(reader, path, before, maxItems, () => reader.string(path, maxBytes)),
  write: (writer, path, value) => {
    writer.items(path, value.length, maxItems)
    for (const item of value) writer.string(number * 8 + 2, item, path, maxBytes)
  },
})

/** At most so many whole numbers below 2^32, packed. */
export const manyWholes = (number: number, maxItems: number): Field<readonly number[]> => ({
  number,
  wireType: 2,
  initial: () => [],
  read: (reader, path, before) =>
    reader.nested(path, inner => {
      let all = before
      while (inner.position < inner.end) {
        all = appended(inner, path, all, maxItems, () => inner.uint32(path))
      }
      return all
    }),
  write: (writer, path, value) => {
    writer.items(path, value.length, maxItems)
    if (value.length === 0) return
    writer.nested(number * 8 + 2, value, (inner, all) => {
      for (const item of all) inner.varint(item)
    })
  },
})

/** The list with one more; the one that `initial` made is nobody else's. */
function appended<Value>(
  reader: WireReader,
  path: string,
  before: readonly Value[],
  maxItems: number,
  read: () => Value,
): readonly Value[] {
  reader.room(path, before.length, maxItems)
  ;(before as Value[]).push(read())
  return before
}
