import type { VerifySignature } from '../../consensus/wire/verify.js'
import { nameOf } from '../../crypto/name-of.js'
import { RecentSet } from './recent.js'

/** Signatures that are remembered: those of a few dozen validators over some rounds. */
const REMEMBERED = 8_192

/** A verifier that does not check again what held a while ago: votes come alone, and once more with a quorum. */
export function rememberingVerifier(verify: VerifySignature): VerifySignature {
  const held = new RecentSet(REMEMBERED)
  return (publicKey, message, signature) => {
    const name = nameOf(Buffer.concat([publicKey, signature, message]))
    if (held.has(name)) return true
    if (!verify(publicKey, message, signature)) return false
    held.add(name)
    return true
  }
}
