import type { Type } from 'protobufjs'
import { loadSchemas } from '../codegen/schema.ts'
import { enumValues, schemaOf } from './arbitraries.js'

/** The same schemas as protobufjs reads and writes them: another implementation to agree with. */

const { root, sources } = loadSchemas()
const packages = sources.map(source => source.split('/').slice(0, -1).join('.'))

/** The bytes that protobufjs writes for one of our values. */
export function referenceEncode(name: string, value: object): Uint8Array {
  return referenceType(name).encode(toReference(name, value)).finish()
}

/** What protobufjs reads, as one of our values. */
export function referenceDecode(name: string, bytes: Uint8Array): object {
  const type = referenceType(name)
  return fromReference(
    name,
    type.toObject(type.decode(bytes), { longs: String, defaults: true, arrays: true }),
  )
}

function referenceType(name: string): Type {
  for (const namespace of packages) {
    const found = root.lookup(`${namespace}.${name}`)
    if (found !== null) return found as Type
  }
  throw new Error(`no message ${name}`)
}

/** protobufjs has numbers where we have names. */
function toReference(name: string, value: object): Record<string, unknown> {
  return convert(name, value, {
    enum: (names, item) => names.indexOf(item as string),
    whole: item => item,
    amount: item => ({ low: Number(item & 0xffff_ffffn) | 0, high: Number(item >> 32n) | 0, unsigned: true }),
  })
}

function fromReference(name: string, value: object): object {
  return convert(name, value, {
    enum: (names, item) => names[item as number],
    whole: Number,
    amount: BigInt,
  })
}

interface Conversions {
  enum(names: readonly string[], item: unknown): unknown
  whole(item: unknown): unknown
  amount(item: bigint): unknown
}

function convert(name: string, value: object, conversions: Conversions): Record<string, unknown> {
  const converted: Record<string, unknown> = {}
  for (const field of schemaOf(name).fields) {
    const present = (value as Record<string, unknown>)[field.name]
    // protobufjs gives null for a message that is not there
    if (present === undefined || present === null) continue
    const item = (entry: unknown) => {
      if (field.kind === 'enum') return conversions.enum(enumValues(field.reference!), entry)
      if (field.kind === 'message') return convert(field.reference!, entry as object, conversions)
      if (field.kind === 'uint64') return conversions.whole(entry)
      if (field.kind === 'amount') return conversions.amount(entry as bigint)
      return entry instanceof Uint8Array ? Uint8Array.from(entry) : entry
    }
    converted[field.name] = Array.isArray(present) ? present.map(item) : item(present)
  }
  return converted
}
