import { createPublicKey, type KeyObject, verify as verifyNative } from 'node:crypto'
import type { Verify } from '../../core/crypto/zip215.js'

/** A signature that is to be checked. */
export interface Check {
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  readonly signature: Uint8Array
}

/** An Ed25519 key in DER begins with this (RFC 8410). */
const DER_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
const CACHED_KEYS = 16_384
/** Checks that are under way at once: enough for every thread of the platform's pool. */
const AT_ONCE = 256

/** Says whether all of some signatures hold. */
export type VerifyAll = (checks: readonly Check[]) => Promise<boolean>

/**
 * Checks many signatures in the platform's pool of threads, so that this one goes on with other work. What the platform
 * does not accept, `verify` decides: one that knows ZIP-215.
 */
export function verifyInPool(verify: Verify): VerifyAll {
  const keys = new Map<string, KeyObject>()

  function keyOf(publicKey: Uint8Array): KeyObject {
    const name = Buffer.from(publicKey.buffer, publicKey.byteOffset, publicKey.byteLength).toString('latin1')
    const known = keys.get(name)
    if (known !== undefined) return known
    const key = createPublicKey({ key: Buffer.concat([DER_PREFIX, publicKey]), format: 'der', type: 'spki' })
    if (keys.size >= CACHED_KEYS) keys.delete(keys.keys().next().value as string)
    keys.set(name, key)
    return key
  }

  const holds = ({ publicKey, message, signature }: Check): Promise<boolean> =>
    new Promise(resolve => {
      const decide = (): void => resolve(verify(publicKey, message, signature))
      try {
        verifyNative(null, message, keyOf(publicKey), signature, (error, isValid) => {
          if (error === null && isValid) resolve(true)
          else decide()
        })
      } catch {
        decide()
      }
    })

  return async checks => {
    for (let at = 0; at < checks.length; at += AT_ONCE) {
      const held = await Promise.all(checks.slice(at, at + AT_ONCE).map(holds))
      if (held.includes(false)) return false
    }
    return true
  }
}
