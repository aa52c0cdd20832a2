import { bytesOf, type Id } from '../hex.js'
import { signingPrefix } from './domains.js'

/** What a key shows its consent to: belonging to an account, by one of its transactions. */
export interface KeyProof {
  /** `neurovoyance/node/1`, `neurovoyance/validator/1`. */
  readonly domain: string
  readonly chainId: string
  readonly owner: Id
  /** Nonce of the owner's transaction: the consent is good for that one alone. */
  readonly nonce: number
}

/** The bytes that a key signs to show that it belongs to an account. */
export function keyProofBytes({ domain, chainId, owner, nonce }: KeyProof): Uint8Array {
  const prefix = signingPrefix(domain, chainId)
  const bytes = new Uint8Array(prefix.length + 32 + 8)
  bytes.set(prefix)
  bytes.set(bytesOf(owner), prefix.length)
  new DataView(bytes.buffer).setBigUint64(prefix.length + 32, BigInt(nonce))
  return bytes
}
