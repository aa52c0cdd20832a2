import { publicKeyFromRaw } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import type { Signer, Verifier } from '@neurovoyance/protocol'

/** A signer over the identity key: OpenSSL on Node, WebCrypto in a browser that has Ed25519. */
export function createHostSigner(privateKey: Ed25519PrivateKey): Signer {
  return {
    peerId: peerIdFromPrivateKey(privateKey).toString(),
    publicKey: privateKey.publicKey.raw,
    async sign(message) {
      return await privateKey.sign(message)
    },
  }
}

/** A verifier over the same platform code; anything that is not a key or a signature is not valid. */
export const hostVerifier: Verifier = {
  async verify(publicKey, message, signature) {
    if (publicKey.byteLength !== 32 || signature.byteLength !== 64) return false
    try {
      return await publicKeyFromRaw(publicKey).verify(message, signature)
    } catch {
      return false
    }
  },
}
