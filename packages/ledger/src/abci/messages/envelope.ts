import { WireReader, WireWriter } from '@neurovoyance/protocol'
import { abciError } from '../errors.js'
import type { MessageType, Shape } from '../wire/message.js'

/** A table of messages by name: `REQUESTS` or `RESPONSES`. */
type Table = Readonly<Record<string, { readonly number: number; readonly type: unknown }>>

/** Codec of a message that says one of several things: `tendermint.abci.Request`, and `Response`. */
export function envelope<Messages extends Table>(name: string, messages: Messages) {
  const byTag = new Map(
    Object.entries(messages).map(([kind, { number, type }]) => [
      number * 8 + 2,
      { kind, type: type as MessageType<Shape> },
    ]),
  )
  const writer = new WireWriter()
  return {
    /**
     * @throws AbciError `LEDGER_ABCI_MALFORMED` for one that says nothing that is known
     * @throws ProtocolError for bytes that are none
     */
    decode(bytes: Uint8Array): { kind: keyof Messages & string; value: Shape } {
      const reader = new WireReader(bytes)
      let said: { kind: string; value: Shape } | undefined
      while (reader.position < reader.end) {
        const tag = reader.tag()
        const known = byTag.get(tag)
        if (known === undefined) reader.skip(tag)
        else
          said = {
            kind: known.kind,
            value: reader.nested(`${name}.${known.kind}`, inner => known.type.read(inner)),
          }
      }
      if (said === undefined) throw abciError('LEDGER_ABCI_MALFORMED', `a ${name} says nothing that is known`)
      return said as { kind: keyof Messages & string; value: Shape }
    },
    encode(kind: keyof Messages & string, value: Shape): Uint8Array {
      const { number, type } = messages[kind]!
      writer
        .reset()
        .nested(number * 8 + 2, value, (inner, item) => (type as MessageType<Shape>).write(inner, item))
      return writer.finish()
    },
  }
}
