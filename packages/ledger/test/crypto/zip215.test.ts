import { ed25519 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nativeVerifier } from '../../src/crypto/native-verify.js'
import { isSoundKey, verifyZip215, zip215 } from '../../src/index.js'

/**
 * The encodings of the eight points of small order: canonical ones, and those that only ZIP-215 reads
 * (de Valence, "It's 255:19AM. Do you know what your validation criteria are?").
 */
const CANONICAL = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
]
const NON_CANONICAL = [
  '0100000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
]
const points = [...CANONICAL, ...NON_CANONICAL].map(hex => new Uint8Array(Buffer.from(hex, 'hex')))
const message = new TextEncoder().encode('Zcash')
const vectors = points.flatMap(key =>
  points.map(point => ({ key, signature: new Uint8Array([...point, ...new Uint8Array(32)]) })),
)
const native = nativeVerifier()

describe('the validity of signatures', () => {
  it('is ZIP-215 for each of the 196 published edge cases, whatever the platform says', () => {
    expect(vectors).toHaveLength(196)
    let slow = 0
    const verify = zip215(native, () => slow++)
    for (const { key, signature } of vectors) expect(verify(key, message, signature)).toBe(true)
    const accepted = vectors.filter(({ key, signature }) => native(key, message, signature)).length
    expect(slow).toBe(196 - accepted)
    expect(slow).toBeGreaterThan(0)
  })

  it('is refused with s beyond the order, and for another message', () => {
    const secret = new Uint8Array(32).fill(7)
    const key = ed25519.getPublicKey(secret)
    const signature = ed25519.sign(message, secret)
    const verify = zip215(native)
    expect(verify(key, message, signature)).toBe(true)
    expect(verify(key, new Uint8Array(5), signature)).toBe(false)
    // s + ℓ says the same to a verifier that does not look
    const order = ed25519.Point.Fn.ORDER
    let s = 0n
    for (let index = 63; index >= 32; index--) s = (s << 8n) | BigInt(signature[index]!)
    const larger = Uint8Array.from(signature)
    for (let index = 32, rest = s + order; index < 64; index++, rest >>= 8n)
      larger[index] = Number(rest & 0xffn)
    expect(verify(key, message, larger)).toBe(false)
    expect(verifyZip215(key, message, larger)).toBe(false)
  })

  it('is the same natively as in JavaScript, for any bytes', () => {
    const key = fc.oneof(fc.constantFrom(...points), fc.uint8Array({ minLength: 32, maxLength: 32 }))
    const half = fc.oneof(fc.constantFrom(...points), fc.uint8Array({ minLength: 32, maxLength: 32 }))
    fc.assert(
      fc.property(key, half, half, fc.uint8Array({ maxLength: 40 }), (publicKey, r, s, text) => {
        const signature = new Uint8Array([...r, ...s])
        if (native(publicKey, text, signature)) expect(verifyZip215(publicKey, text, signature)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('never throws, whatever the lengths', () => {
    const verify = zip215(native)
    expect(verify(new Uint8Array(31), message, new Uint8Array(64))).toBe(false)
    expect(verify(new Uint8Array(32), message, new Uint8Array(63))).toBe(false)
  })
})

/** By the curve's own library. */
function isSound(key: Uint8Array): boolean {
  try {
    return !ed25519.Point.fromBytes(key, false).isSmallOrder()
  } catch {
    return false
  }
}

describe('a key that may be registered', () => {
  it('is no point of small order, in none of its encodings', () => {
    for (const point of points) expect(isSoundKey(point)).toBe(false)
  })

  it('is what the curve itself says, whichever bytes it is', () => {
    const keys = fc.oneof(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.constantFrom(...points),
      // just below, at and above p
      fc
        .tuple(fc.integer({ min: 0xe0, max: 0xff }), fc.constantFrom(0x7e, 0x7f, 0xfe, 0xff))
        .map(([first, last]) => {
          const bytes = new Uint8Array(32).fill(0xff)
          bytes[0] = first
          bytes[31] = last
          return bytes
        }),
    )
    fc.assert(
      fc.property(keys, key => {
        expect(isSoundKey(key)).toBe(isSound(key))
      }),
      { numRuns: 400 },
    )
  })

  it('has one encoding', () => {
    const key = ed25519.getPublicKey(new Uint8Array(32).fill(9))
    expect(isSoundKey(key)).toBe(true)
    expect(isSoundKey(new Uint8Array(32).fill(0xff))).toBe(false)
    expect(isSoundKey(key.subarray(1))).toBe(false)
  })
})
