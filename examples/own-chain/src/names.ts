/** A module of one's own: names that belong to accounts, for a price that is burnt. */
import { action, collection, debit, type LedgerModule, noteBurnt, SPEND } from '@neurovoyance/ledger'
import { type Codec, NeurovoyanceError } from '@neurovoyance/protocol'

/** What travels is the name, as text. */
const nameCodec: Codec<string> = {
  encode: name => new TextEncoder().encode(name),
  decode(bytes) {
    const name = new TextDecoder().decode(bytes.subarray(0, 33))
    if (/^[a-z][a-z0-9-]{2,31}$/.test(name)) return name
    throw new NeurovoyanceError('NAMES_BAD_NAME', 'A name has 3 to 32 of a–z, 0–9 and -, a letter first.')
  },
}

/** What is kept is the owner's address. */
const addressCodec: Codec<Uint8Array> = { encode: address => address, decode: bytes => bytes }

/** Owners by name. */
export const owners = collection<Uint8Array>('names/owners', { codec: addressCodec })

/** Asks for a name. */
export const register = (name: string) => ({ kind: 'names/register', payload: nameCodec.encode(name) })

/** Whoever comes first has the name; what he pays is gone. */
export const namesModule: LedgerModule = {
  name: 'names',
  parameters: {
    price: {
      value: 5_000_000_000n,
      least: 0n,
      most: 1_000_000_000_000n,
      unit: 'base units',
      meaning: 'What a name costs.',
    },
  },
  actions: {
    register: action(nameCodec, 100, (context, name) => {
      const { draft, sender, parameters } = context
      if (owners.get(draft, name) !== undefined) {
        throw new NeurovoyanceError('NAMES_TAKEN', `${name} belongs to somebody.`, { details: { name } })
      }
      const price = parameters.of('names/price')
      debit(context, sender, price, SPEND)
      noteBurnt(draft, price)
      owners.set(draft, name, Buffer.from(sender, 'hex'))
      context.emit({ kind: 'names/registered', accounts: [sender], fields: { name, price } })
    }),
  },
}
