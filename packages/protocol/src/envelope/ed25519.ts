import { ed25519 } from '@noble/curves/ed25519.js'
import { ProtocolError } from '../errors.js'
import { peerIdFromPublicKey } from '../ids/peer-id.js'

/** Signs with one Ed25519 key. */
export interface Signer {
  /** The PeerId of `publicKey`. */
  readonly peerId: string
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** The signature (RFC 8032), 64 bytes, of `message`. */
  sign(message: Uint8Array): Promise<Uint8Array> | Uint8Array
}

/** Verifies Ed25519 signatures; hosts that have a native one pass it in. */
export interface Verifier {
  /** Whether `signature` (64 bytes) is valid for `message` under `publicKey` (32 bytes). Never throws. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> | boolean
}

/**
 * A signer in plain JavaScript, for tests, tools and browsers without WebCrypto's Ed25519.
 *
 * @param secretKey the 32-byte seed of RFC 8032
 * @throws ProtocolError `PROTOCOL_BAD_ID` for another length
 */
export function createSigner(secretKey: Uint8Array): Signer {
  if (secretKey.length !== 32) {
    throw new ProtocolError('PROTOCOL_BAD_ID', `an Ed25519 secret key has 32 bytes, not ${secretKey.length}`)
  }
  const key = new Uint8Array(secretKey)
  const publicKey = ed25519.getPublicKey(key)
  return { peerId: peerIdFromPublicKey(publicKey), publicKey, sign: message => ed25519.sign(message, key) }
}

/**
 * The default verifier, in plain JavaScript. Strict (RFC 8032, FIPS 186-5): one encoding per point and scalar, no
 * key of small order.
 */
export const strictVerifier: Verifier = {
  verify(publicKey, message, signature) {
    try {
      return ed25519.verify(signature, message, publicKey, { zip215: false })
    } catch {
      // noble throws on keys and signatures of a wrong length or encoding.
      return false
    }
  },
}
