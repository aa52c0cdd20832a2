import { createHash } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'
import type { VoucherSigner } from './till-chain.js'

const { Point } = ed25519
const ORDER = Point.Fn.ORDER
/** A point of order eight. */
const TORSION = Point.fromBytes(
  Buffer.from('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'hex'),
  true,
)
const SECRET = 0x5eed5eed5eed5eedn

/** Signs so that ZIP-215 accepts it and a platform's own verifier does not: by a point that is off by a torsion. */
export const oddSigner: VoucherSigner = {
  publicKey: Point.BASE.multiply(SECRET).toBytes(),
  sign(message) {
    const nonce = number(createHash('sha512').update(message).digest()) % ORDER
    const point = Point.BASE.multiply(nonce).add(TORSION).toBytes()
    const hash = createHash('sha512').update(point).update(oddSigner.publicKey).update(message).digest()
    const scalar = (nonce + (number(hash) % ORDER) * SECRET) % ORDER
    const last = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex').reverse()
    return Uint8Array.from([...point, ...last])
  },
}

/** The lowest byte first. */
const number = (bytes: Buffer): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)
