import { ed25519 } from '@noble/curves/ed25519.js'

/** Whether an Ed25519 signature (64 bytes) is valid for a message under a key (32 bytes). Never throws. */
export type Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean

/**
 * ZIP-215 in plain JavaScript: the rule that says the same on every machine, for every encoding.
 * About 300 a second.
 */
export const verifyZip215: Verify = (publicKey, message, signature) => {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: true })
  } catch {
    return false
  }
}

/**
 * ZIP-215 by a platform's verifier: what that accepts, ZIP-215 accepts; the rest is decided by the slow rule.
 * `slow` is told of each signature that needed it: a block may hold few of them.
 */
export function zip215(native: Verify, slow: () => void = () => {}): Verify {
  return (publicKey, message, signature) => {
    if (native(publicKey, message, signature)) return true
    slow()
    return verifyZip215(publicKey, message, signature)
  }
}

/** Whether a key may be registered: in its one encoding, on the curve, and not of small order. */
export function isSoundKey(publicKey: Uint8Array): boolean {
  try {
    const point = ed25519.Point.fromBytes(publicKey, false)
    return !point.isSmallOrder()
  } catch {
    return false
  }
}
