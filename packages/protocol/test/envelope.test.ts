import { createPublicKey, verify } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createSigner,
  DOMAINS,
  LIMITS,
  openEnvelope,
  peerIdFromPublicKey,
  readEnvelope,
  type Signer,
  sealEnvelope,
  strictVerifier,
  type Verifier,
} from '../src/index.js'
import { expectCode, expectRejection } from './expect-code.js'

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
const domain = DOMAINS.offer
const signer = createSigner(new Uint8Array(32).fill(7))

/** Says yes to everything: for what has to be refused before the signature is looked at. */
const gullible: Verifier = { verify: () => true }

describe('Ed25519', () => {
  // RFC 8032, section 7.1, tests 1 to 3: secret key, public key, message, signature.
  const vectors = [
    [
      '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      '',
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    ],
    [
      '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      '72',
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    ],
    [
      'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
      'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      'af82',
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    ],
  ].map(vector => vector.map(hex)) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array][]

  it.each(vectors)(
    'signs and verifies as RFC 8032 does',
    async (secretKey, publicKey, message, signature) => {
      const rfc = createSigner(secretKey)
      expect(rfc.publicKey).toEqual(publicKey)
      expect(rfc.peerId).toBe(peerIdFromPublicKey(publicKey))
      expect(await rfc.sign(message)).toEqual(signature)
      expect(await strictVerifier.verify(publicKey, message, signature)).toBe(true)
      expect(await strictVerifier.verify(publicKey, Uint8Array.of(...message, 0), signature)).toBe(false)
    },
  )

  it('refuses a scalar that is not reduced, a key of small order, and sizes that are wrong', async () => {
    const [, publicKey, message, signature] = vectors[1]!
    // s + L: the same point, another text.
    const order = 2n ** 252n + 27742317777372353535851937790883648493n
    const scalar = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + order
    const large = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex').reverse()
    const malleated = Uint8Array.of(...signature.subarray(0, 32), ...large)
    expect(await strictVerifier.verify(publicKey, message, malleated)).toBe(false)
    // The identity as key and commitment, zero as scalar: valid for every message where small order passes.
    const identity = Uint8Array.of(1, ...new Uint8Array(31))
    const anything = Uint8Array.of(...identity, ...new Uint8Array(32))
    expect(await strictVerifier.verify(identity, message, anything)).toBe(false)
    expect(await strictVerifier.verify(publicKey.subarray(1), message, signature)).toBe(false)
    expect(await strictVerifier.verify(publicKey, message, signature.subarray(1))).toBe(false)
    expectCode('PROTOCOL_BAD_ID', () => createSigner(new Uint8Array(64)))
  })
})

describe('envelopes', () => {
  it('are signed as any Ed25519 implementation verifies', async () => {
    const parts = readEnvelope(await sealEnvelope({ domain, payload: Uint8Array.of(1, 2, 3), signer }))
    const x = Buffer.from(signer.publicKey).toString('base64url')
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    expect(verify(null, parts.signed, key, parts.signature)).toBe(true)
  })

  it('give back the payload and its signer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async payload => {
        const opened = await openEnvelope(await sealEnvelope({ domain, payload, signer }), { domain })
        expect(opened).toEqual({ payload, peerId: signer.peerId, publicKey: signer.publicKey })
      }),
      { numRuns: 10 },
    )
  })

  it('are laid out as documented, and signed as they travel', async () => {
    const bytes = await sealEnvelope({ domain: 'a/1', payload: Uint8Array.of(9, 8), signer })
    const body = `4e564531${'01'}${'03'}612f31${Buffer.from(signer.publicKey).toString('hex')}02000000${'0908'}`
    const signature = await signer.sign(hex(body))
    expect(Buffer.from(bytes).toString('hex')).toBe(body + Buffer.from(signature).toString('hex'))
  })

  it('do not open once any byte was changed', async () => {
    const bytes = await sealEnvelope({ domain, payload: Uint8Array.of(1, 2, 3), signer })
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (index, flip) => {
        const changed = Uint8Array.from(bytes)
        changed[index]! ^= flip
        await expect(openEnvelope(changed, { domain })).rejects.toThrow(
          expect.objectContaining({ code: expect.stringMatching(/^PROTOCOL_/) }),
        )
      }),
      { numRuns: 50 },
    )
  })

  it('serve one purpose', async () => {
    const bytes = await sealEnvelope({ domain, payload: new Uint8Array(1), signer })
    await expectRejection('PROTOCOL_WRONG_DOMAIN', openEnvelope(bytes, { domain: DOMAINS.demand }))
  })

  it('are signed by the key they carry', async () => {
    const bytes = await sealEnvelope({ domain, payload: new Uint8Array(1), signer })
    bytes.set(createSigner(new Uint8Array(32).fill(8)).publicKey, 6 + domain.length)
    await expectRejection('PROTOCOL_BAD_SIGNATURE', openEnvelope(bytes, { domain }))
  })

  it('ask the verifier that they are given', async () => {
    const bytes = await sealEnvelope({ domain, payload: new Uint8Array(1), signer })
    const refusing: Verifier = { verify: async () => false }
    await expectRejection('PROTOCOL_BAD_SIGNATURE', openEnvelope(bytes, { domain, verifier: refusing }))
  })

  it('are refused over the limit before anything else', async () => {
    const bytes = await sealEnvelope({ domain, payload: new Uint8Array(100), signer })
    await expectRejection('PROTOCOL_TOO_LARGE', openEnvelope(bytes, { domain, maxBytes: bytes.length - 1 }))
    expect((await openEnvelope(bytes, { domain, maxBytes: bytes.length })).payload.length).toBe(100)
    const payload = new Uint8Array(LIMITS.envelopeBytes)
    await expectRejection('PROTOCOL_TOO_LARGE', sealEnvelope({ domain, payload, signer }))
  })

  it.each(['', 'Offer', 'offer ', 'öffer', '-offer', 'x'.repeat(65)])('have no domain %j', async wrong => {
    await expectRejection(
      'PROTOCOL_MALFORMED',
      sealEnvelope({ domain: wrong, payload: new Uint8Array(0), signer }),
    )
  })

  it('are not sealed with a signature of another size', async () => {
    const broken: Signer = { ...signer, sign: () => new Uint8Array(63) }
    await expectRejection(
      'PROTOCOL_MALFORMED',
      sealEnvelope({ domain, payload: new Uint8Array(0), signer: broken }),
    )
  })

  it.each([
    ['cut short', (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 1), 'PROTOCOL_MALFORMED'],
    ['cut to nothing', () => new Uint8Array(0), 'PROTOCOL_MALFORMED'],
    ['longer than it says', (bytes: Uint8Array) => Uint8Array.of(...bytes, 0), 'PROTOCOL_MALFORMED'],
    ['of another version', (bytes: Uint8Array) => bytes.with(3, 0x32), 'PROTOCOL_UNSUPPORTED_VERSION'],
    ['of another kind of key', (bytes: Uint8Array) => bytes.with(4, 2), 'PROTOCOL_UNSUPPORTED_VERSION'],
    ['with a domain that is not ASCII', (bytes: Uint8Array) => bytes.with(7, 0xe9), 'PROTOCOL_MALFORMED'],
    ['with a domain beyond its end', (bytes: Uint8Array) => bytes.with(5, 255), 'PROTOCOL_MALFORMED'],
  ] as const)('are refused %s, whatever the verifier says', async (_case, change, code) => {
    const bytes = await sealEnvelope({ domain, payload: Uint8Array.of(1), signer })
    await expectRejection(code, openEnvelope(change(bytes), { domain, verifier: gullible }))
    expectCode(code, () => readEnvelope(change(bytes)))
  })
})
