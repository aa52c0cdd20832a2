import type { Verify } from '../../core/crypto/zip215.js'
import type { SignatureCheck } from '../../core/machine/transaction.js'
import type { VerifyAside } from '../../crypto/native-verify.js'

/** Says whether all of some signatures hold. */
export type VerifyAll = (checks: readonly SignatureCheck[]) => Promise<boolean>

/** Checks that are under way at once: enough for the platform's threads while this one applies a block. */
export const AT_ONCE = 256

/** Checks many signatures on other threads; what the platform does not accept, ZIP-215 decides. */
export function verifierOfMany(aside: VerifyAside, verify: Verify): VerifyAll {
  const holds = async ({ publicKey, message, signature }: SignatureCheck): Promise<boolean> =>
    (await aside(publicKey, message, signature)) || verify(publicKey, message, signature)
  return async checks => {
    for (let at = 0; at < checks.length; at += AT_ONCE) {
      const held = await Promise.all(checks.slice(at, at + AT_ONCE).map(holds))
      if (held.includes(false)) return false
    }
    return true
  }
}
