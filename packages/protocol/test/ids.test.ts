import { createHash } from 'node:crypto'
import { bech32m } from '@scure/base'
import fc from 'fast-check'
import { base58btc } from 'multiformats/bases/base58'
import { base64 } from 'multiformats/bases/base64'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { describe, expect, it } from 'vitest'
import {
  assertCid,
  assertPeerId,
  canonicalCid,
  cidFromSha256,
  cidParts,
  formatAddress,
  isAddress,
  isCid,
  isPeerId,
  parseAddress,
  peerIdFromPublicKey,
  publicKeyFromPeerId,
} from '../src/index.js'
import { cid, digest, peerId } from './arbitraries.js'
import { expectCode } from './expect-code.js'

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))

describe('CIDs', () => {
  // What `ipfs add --cid-version=1` gives for these bytes.
  it.each([
    ['', 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'],
    ['hello world', 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'],
  ])('name %j', (text, expected) => {
    const sha256 = createHash('sha256').update(text).digest()
    expect(cidFromSha256('raw', sha256)).toBe(expected)
    expect(cidParts(expected)).toEqual({ codec: 'raw', digest: Uint8Array.from(sha256) })
  })

  it('have one form, which any version and base leads to', () => {
    // From the README of multiformats/cid.
    const version0 = 'QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR'
    const version1 = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'
    expect(canonicalCid(version0)).toBe(version1)
    expect(canonicalCid(CID.parse(version1).toString(base58btc))).toBe(version1)
    expect(canonicalCid(version1)).toBe(version1)
    expect(isCid(version0)).toBe(false)
  })

  it('are recognised exactly where multiformats agrees that the form is canonical', () => {
    const letters = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567019A=')
    fc.assert(
      fc.property(cid, fc.nat(58), letters, (text, index, letter) => {
        const changed = text.slice(0, index) + letter + text.slice(index + 1)
        expect(isCid(text)).toBe(true)
        expect(isCid(changed)).toBe(isCanonicalToMultiformats(changed))
      }),
      { numRuns: 2000 },
    )
  })

  it('refuses other hashes, codecs, bases and lengths', () => {
    const sha256 = createHash('sha256').update('x').digest()
    const dagCbor = CID.createV1(0x71, Digest.create(0x12, sha256))
    const blake3 = CID.createV1(0x55, Digest.create(0x1e, sha256))
    const short = CID.createV1(0x55, Digest.create(0x12, sha256.subarray(0, 20)))
    for (const wrong of [dagCbor, blake3, short]) {
      expectCode('PROTOCOL_BAD_ID', () => assertCid(wrong.toString()))
      expectCode('PROTOCOL_BAD_ID', () => canonicalCid(wrong.toString()))
    }
    const inBase64 = CID.createV1(0x55, Digest.create(0x12, sha256)).toString(base64)
    for (const wrong of ['', 'b', 'model', 'bafk', inBase64, 'b'.repeat(100_000)]) {
      expectCode('PROTOCOL_BAD_ID', () => canonicalCid(wrong))
    }
    expectCode('PROTOCOL_BAD_ID', () => cidFromSha256('raw', new Uint8Array(31)))
  })
})

describe('PeerIds', () => {
  it('are those of the libp2p specification', () => {
    // libp2p/specs/peer-ids: the examples and the Ed25519 test vector.
    expect(isPeerId('12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA')).toBe(true)
    const publicKey = hex('1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e')
    const wire = base58btc.baseDecode(peerIdFromPublicKey(publicKey))
    expect(wire).toEqual(
      hex(`0024${'080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e'}`),
    )
  })

  it('hold their key', () => {
    fc.assert(
      fc.property(digest, key => {
        const text = peerIdFromPublicKey(key)
        expect(text).toMatch(/^12D3KooW\w{44}$/)
        expect(publicKeyFromPeerId(text)).toEqual(Uint8Array.from(key))
      }),
    )
  })

  it('have one form', () => {
    for (const wrong of [
      '',
      'QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N',
      'bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe',
      '12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5S',
      '12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5S0',
      `12D3KooW${'z'.repeat(44)}`,
      'x'.repeat(100_000),
    ]) {
      expect(isPeerId(wrong)).toBe(false)
      expectCode('PROTOCOL_BAD_ID', () => assertPeerId(wrong))
    }
    expectCode('PROTOCOL_BAD_ID', () => peerIdFromPublicKey(new Uint8Array(33)))
  })

  it('are one text per key', () => {
    fc.assert(
      fc.property(peerId, text => {
        expect(peerIdFromPublicKey(publicKeyFromPeerId(text))).toBe(text)
      }),
    )
  })
})

describe('addresses', () => {
  it('hold 32 bytes in 62 letters', () => {
    fc.assert(
      fc.property(digest, hash => {
        const text = formatAddress(hash)
        expect(text).toMatch(/^nv1q[02-9ac-hj-np-z]{58}$/)
        expect(parseAddress(text)).toEqual(Uint8Array.from(hash))
      }),
    )
  })

  it('write their bytes as BIP-350 does', () => {
    // BIP-350: the witness program of version 1 that is the generator's x coordinate.
    const published = 'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0'
    const program = hex('79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798')
    expect(formatAddress(program).slice(4, -6)).toBe(published.slice(4, -6))
  })

  // BIP-350's valid strings of other prefixes, and its invalid ones.
  it.each([
    'A1LQFN3A',
    'a1lqfn3a',
    'abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx',
    'split1checkupstagehandshakeupstreamerranterredcaperredlc445v',
    '?1v759aa',
    'qyrz8wqd2c9m',
    '1qyrz8wqd2c9m',
    'y1b0jsk6g',
    'lt1igcx5c0',
    'in1muywd',
    'mm1crxm3i',
    'au1s5cgom',
    'M1VUXWEZ',
    '16plkw9',
    '1p2gdwpf',
  ])('are not %s', text => {
    expect(isAddress(text)).toBe(false)
  })

  it('are not another version, length, prefix, case or checksum', () => {
    const words = bech32m.toWords(new Uint8Array(32))
    const good = formatAddress(new Uint8Array(32))
    expect(bech32m.encode('nv', [0, ...words])).toBe(good)
    for (const wrong of [
      bech32m.encode('nv', [1, ...words]),
      bech32m.encode('nv', words),
      bech32m.encode('nw', [0, ...words]),
      // The four bits that 52 letters hold beyond 32 bytes are zero in the one form.
      bech32m.encode('nv', [0, ...words.slice(0, -1), 1]),
      good.toUpperCase(),
      `${good.slice(0, 10)}${good[10]!.toUpperCase()}${good.slice(11)}`,
      `nv1${'q'.repeat(59)}`,
      good.slice(0, -1),
      'n'.repeat(100_000),
    ]) {
      expectCode('PROTOCOL_BAD_ID', () => parseAddress(wrong))
    }
    expectCode('PROTOCOL_BAD_ID', () => formatAddress(new Uint8Array(20)))
  })

  it('notice any letter that was changed', () => {
    const letters = '023456789acdefghjklmnpqrstuvwxyz'
    fc.assert(
      fc.property(
        digest,
        fc.integer({ min: 3, max: 61 }),
        fc.integer({ min: 1, max: 31 }),
        (hash, index, shift) => {
          const text = formatAddress(hash)
          const letter = letters[(letters.indexOf(text[index]!) + shift) % letters.length]!
          expect(isAddress(text.slice(0, index) + letter + text.slice(index + 1))).toBe(false)
        },
      ),
    )
  })
})

function isCanonicalToMultiformats(text: string): boolean {
  try {
    const parsed = CID.parse(text)
    const codec = parsed.code === 0x55 || parsed.code === 0x70
    const hash = parsed.multihash.code === 0x12 && parsed.multihash.digest.length === 32
    return parsed.version === 1 && codec && hash && CID.decode(parsed.bytes).toString() === text
  } catch {
    return false
  }
}
