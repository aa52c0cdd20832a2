import { ed25519 } from '@noble/curves/ed25519.js'
import { bytesToHex } from '@noble/hashes/utils.js'

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

/** Signatures of one block, of its transactions and of what they carry, that may need the slow verifier. */
export const SLOW_SIGNATURES = 16

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

/** The y of the points whose order divides eight; each is the key of x and −x. */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
])

/**
 * Whether a key may be registered: in its one encoding, on the curve, and not of small order.
 *
 * @param hasSigned whether a signature was found good under it: then it is on the curve, which takes long to find out
 */
export function isSoundKey(publicKey: Uint8Array, hasSigned = false): boolean {
  if (publicKey.length !== 32) return false
  const y = publicKey.slice()
  y[31]! &= 0x7f
  if (!isBelowP(y) || SMALL_ORDER.has(bytesToHex(y))) return false
  return hasSigned || isOnCurve(publicKey)
}

/** Whether 32 bytes, the lowest first, are a number below 2^255 − 19. */
const isBelowP = (y: Uint8Array): boolean =>
  y[31] !== 0x7f || y[0]! < 0xed || y.subarray(1, 31).some(byte => byte !== 0xff)

function isOnCurve(publicKey: Uint8Array): boolean {
  try {
    ed25519.Point.fromBytes(publicKey, false)
    return true
  } catch {
    return false
  }
}
