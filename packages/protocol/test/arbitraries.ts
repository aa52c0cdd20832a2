import { cidFromSha256, LIMITS, peerIdFromPublicKey } from '@neurovoyance/protocol'
import fc from 'fast-check'
import { type FieldSchema, type MessageSchema, readSchemas } from '../codegen/schema.ts'

/** Values of any message, made from its schema: what a sender within its limits may send. */

const files = readSchemas()
const messages = new Map(files.flatMap(file => file.messages).map(message => [message.name, message]))
const enums = new Map(files.flatMap(file => file.enums).map(item => [item.name, item]))

/** The names of the messages that travel by themselves, and so have codecs. */
export const messageNames = [...messages.values()]
  .filter(message => message.maxMessageBytes !== undefined)
  .map(message => message.name)

export function schemaOf(name: string): MessageSchema {
  return messages.get(name)!
}

/** The names of an enum's values, by number. */
export function enumValues(name: string): readonly string[] {
  return enums.get(name)!.values.map(value => value.name)
}

/** 32 bytes. */
export const digest = fc.uint8Array({ minLength: 32, maxLength: 32 })
export const cid = fc
  .tuple(fc.constantFrom('raw', 'dag-pb'), digest)
  .map(([codec, bytes]) => cidFromSha256(codec, bytes))
export const peerId = digest.map(peerIdFromPublicKey)

/** Any value of a message within its limits. */
export function messageValue(name: string): fc.Arbitrary<object> {
  const schema = schemaOf(name)
  return fc.record(Object.fromEntries(schema.fields.map(field => [field.name, fieldValue(field)])))
}

function fieldValue(field: FieldSchema): fc.Arbitrary<unknown> {
  if (field.repeated) return fc.array(itemValue(field), { maxLength: 4 })
  return field.optional ? fc.option(itemValue(field), { nil: undefined }) : itemValue(field)
}

function itemValue(field: FieldSchema): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'string':
      if (field.format === 'cid') return cid
      if (field.format === 'peerId') return peerId
      return fc
        .oneof(fc.string({ maxLength: 200 }), fc.string({ unit: 'grapheme', maxLength: 12 }))
        .map(text => within(text, field))
    case 'bytes':
      return fc.uint8Array(exactly(field) ?? { maxLength: 32 })
    case 'bool':
      return fc.boolean()
    case 'uint32':
      return whole(0xffff_ffff, field)
    case 'uint64':
      return whole(Number.MAX_SAFE_INTEGER, field)
    case 'amount':
      return fc.bigInt({ min: 0n, max: (1n << 63n) - 1n })
    case 'double':
      return fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => value + 0)
    case 'enum':
      return fc.constantFrom(...enumValues(field.reference!))
    case 'message':
      return messageValue(field.reference!)
  }
}

/** As much of a text as its field may hold. */
function within(text: string, { maxBytes }: FieldSchema): string {
  const most = (LIMITS as Record<string, number>)[maxBytes!]!
  let letters = [...text]
  while (Buffer.byteLength(letters.join('')) > most) letters = letters.slice(0, -1)
  return letters.join('')
}

function exactly({ exactBytes }: FieldSchema): { minLength: number; maxLength: number } | undefined {
  if (exactBytes === undefined) return undefined
  const length = (LIMITS as Record<string, number>)[exactBytes]!
  return { minLength: length, maxLength: length }
}

/** Small numbers and any number, within the type and the field's limit. */
function whole(typeMax: number, { maxValue }: FieldSchema): fc.Arbitrary<number> {
  const max = maxValue === undefined ? typeMax : (LIMITS as Record<string, number>)[maxValue]!
  return fc.oneof(
    fc.nat(200),
    fc.maxSafeNat().map(value => value % (max + 1)),
  )
}
