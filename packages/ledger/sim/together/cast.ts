import { createHash } from 'node:crypto'
import { addressOf, type Id, idOf, soleKey } from '@neurovoyance/ledger'
import { formatAddress } from '@neurovoyance/protocol'
import { ed25519 } from '@noble/curves/ed25519.js'

/** Somebody with one key. */
export interface Member {
  readonly name: string
  readonly key: Uint8Array
  readonly id: Id
  readonly address: string
}

const keyOf = (name: string): Uint8Array =>
  ed25519.getPublicKey(createHash('sha256').update(`together ${name}`).digest())

function member(name: string): Member {
  const key = keyOf(name)
  const bytes = addressOf(soleKey(key))
  return { name, key, id: idOf(bytes), address: formatAddress(bytes) }
}

/** Everybody. The first is a sponsor, the first three own a validator from the beginning. */
export const people: readonly Member[] = ['anna', 'ben', 'carol', 'dan', 'eve'].map(member)
/** Keys of validators: three of the genesis, two that may come. */
export const validatorKeys = ['first', 'second', 'third', 'fourth', 'fifth'].map(keyOf)
/** Network keys of nodes. */
export const nodeKeys = ['north', 'south'].map(keyOf)

/** Signatures of these chains: a hash of key and message. They cost nothing and hold for nothing else. */
export function seal(key: Uint8Array, message: Uint8Array): Uint8Array {
  const hash = createHash('sha256').update(key).update(message).digest()
  return Uint8Array.of(...hash, ...hash)
}

export const isSealed = (key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean =>
  Buffer.compare(seal(key, message), signature) === 0
