import { signingPrefix } from '../../crypto/domains.js'
import { sha256 } from '../../crypto/sha256.js'
import { bytesOf, type Id, idOf } from '../../hex.js'

/** What tells one thing apart that an account began from all others, of every chain and for ever. */
export interface Beginning {
  readonly chainId: string
  /** The account that began it. */
  readonly account: Id
  /** Nonce of the transaction. */
  readonly nonce: number
  /** Which one of those that the transaction began. */
  readonly index: number
}

/** The id of what an account began: SHA-256 of the domain, the chain, the account, the nonce and the index. */
export function escrowId(domain: string, { chainId, account, nonce, index }: Beginning): Id {
  const numbers = new DataView(new ArrayBuffer(12))
  numbers.setBigUint64(0, BigInt(nonce))
  numbers.setUint32(8, index)
  return idOf(sha256(signingPrefix(domain, chainId), bytesOf(account), new Uint8Array(numbers.buffer)))
}
