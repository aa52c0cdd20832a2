import { createHash } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'

/** Signs so that ZIP-215 takes it, and the platform's verifier does not: with a point of small order in it. */
export interface LaxSigner {
  readonly publicKey: Uint8Array
  sign(message: Uint8Array): Uint8Array
}

const { Point } = ed25519
const ORDER = Point.Fn.ORDER
const SMALL = Point.fromBytes(
  Uint8Array.from(Buffer.from('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'hex')),
  true,
)

/** A key that signs like that; another for each seed. */
export function laxSigner(seed: number): LaxSigner {
  const secret = BigInt(seed) + 2n ** 200n
  const publicKey = Point.BASE.multiply(secret).toBytes()
  return {
    publicKey,
    sign(message) {
      const nonce = numberOf(hash(Uint8Array.of(seed), message))
      const r = Point.BASE.multiply(nonce).add(SMALL).toBytes()
      const s = (nonce + numberOf(hash(r, publicKey, message)) * secret) % ORDER
      const signature = new Uint8Array(64)
      signature.set(r)
      for (let at = 32, rest = s; rest > 0n; at++, rest >>= 8n) signature[at] = Number(rest & 255n)
      return signature
    },
  }
}

function hash(...parts: Uint8Array[]): Uint8Array {
  return createHash('sha512').update(Buffer.concat(parts)).digest()
}

const numberOf = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n) % ORDER
