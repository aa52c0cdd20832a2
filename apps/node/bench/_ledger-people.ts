import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { addressOf, buildTransaction, soleKey, type TransactionInit } from '@neurovoyance/ledger'
import { LIMITS } from '@neurovoyance/protocol'

/** The chain of the benchmark. */
export const CHAIN = 'bench-1'
/** Base units of a coin. */
export const NVY = 1_000_000_000n

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

/** Somebody with an account and its one key. */
export interface Person {
  readonly key: KeyObject
  readonly publicKey: Uint8Array
  /** 32 bytes. */
  readonly address: Uint8Array
}

/** A person of some kind, the same each time. */
export function person(kind: number, index: number): Person {
  const seed = Buffer.alloc(32, kind)
  seed.writeUInt32BE(index)
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
  const publicKey = new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32))
  return { key, publicKey, address: addressOf(soleKey(publicKey)) }
}

/** A person's signature. */
export const signedBy =
  ({ key }: Person) =>
  (bytes: Uint8Array): Uint8Array =>
    new Uint8Array(sign(null, bytes, key))

/** A signed transaction of one action. */
export async function transactionOf(
  from: Person,
  nonce: number,
  action: TransactionInit['actions'][number],
): Promise<Uint8Array> {
  const { bytes } = await buildTransaction({
    chainId: CHAIN,
    sender: from.address,
    ...(nonce === 0 && { keys: soleKey(from.publicKey) }),
    nonce,
    validUntil: LIMITS.transactionTermBlocks,
    maxFee: NVY,
    actions: [action],
    signers: [{ publicKey: from.publicKey, sign: signedBy(from) }],
  })
  return bytes
}
