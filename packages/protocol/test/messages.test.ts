import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as protocol from '../src/index.js'
import {
  type Capability,
  type Codec,
  DescribeResponse,
  InferRequest,
  LIMITS,
  ListOffersResponse,
  type NodeRole,
  Offer,
  ReadRequest,
  StatusResponse,
} from '../src/index.js'
import { messageNames, messageValue, schemaOf } from './arbitraries.js'
import { expectCode } from './expect-code.js'
import { referenceDecode, referenceEncode } from './reference.js'

const model = 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'
const request: InferRequest = { model, inputNames: ['image'], outputNames: [], file: '' }

/** Our codec of a message, found by the message's name. */
function codecOf(name: string): Codec<object> {
  return (protocol as unknown as Record<string, Codec<object>>)[name]!
}

describe.each(messageNames)('%s', name => {
  const codec = codecOf(name)

  it('comes back as it was sent', () => {
    fc.assert(
      fc.property(messageValue(name), value => {
        expect(codec.decode(codec.encode(value))).toEqual(value)
      }),
    )
  })

  it('is read by protobufjs as it was sent, and the other way round', () => {
    fc.assert(
      fc.property(messageValue(name), value => {
        expect(referenceDecode(name, codec.encode(value))).toEqual(
          referenceDecode(name, referenceEncode(name, value)),
        )
        expect(codec.decode(referenceEncode(name, value))).toEqual(value)
      }),
    )
  })

  it('is the same bytes whenever it is the same value', () => {
    fc.assert(
      fc.property(messageValue(name), value => {
        const bytes = codec.encode(value)
        expect(codec.encode(codec.decode(bytes))).toEqual(bytes)
      }),
    )
  })

  const { strict } = schemaOf(name)
  it(
    strict ? 'refuses fields that it does not know' : 'steps over the fields of a newer minor version',
    () => {
      const later = [
        [...tag(900, 0), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
        [...tag(901, 1), 1, 2, 3, 4, 5, 6, 7, 8],
        [...tag(902, 2), 3, 1, 2, 3],
        [...tag(903, 5), 1, 2, 3, 4],
      ].flat()
      fc.assert(
        fc.property(messageValue(name), value => {
          const bytes = Uint8Array.of(...codec.encode(value), ...later)
          if (strict) expectCode('PROTOCOL_MALFORMED', () => codec.decode(bytes))
          else expect(codec.decode(bytes)).toEqual(value)
        }),
      )
    },
  )

  it('refuses a message that ends inside a field', () => {
    const bytes = Uint8Array.of(
      ...codec.encode(fc.sample(messageValue(name), { seed: 1, numRuns: 1 })[0]!),
      ...tag(900, 2),
      1,
    )
    expectCode('PROTOCOL_MALFORMED', () => codec.decode(bytes))
  })
})

describe('limits', () => {
  it('checks the size of a message before anything in it', () => {
    const bytes = new Uint8Array(LIMITS.inferMessageBytes + 1).fill(0xff)
    expectCode('PROTOCOL_TOO_LARGE', () => InferRequest.decode(bytes))
    expectCode('PROTOCOL_MALFORMED', () => InferRequest.decode(bytes.subarray(1)))
  })

  it('refuses lists and texts over their limits from both sides', () => {
    const inputNames = Array.from({ length: LIMITS.tensors + 1 }, () => 'x')
    expectCode('PROTOCOL_TOO_LARGE', () => InferRequest.encode({ ...request, inputNames }))
    expectCode('PROTOCOL_TOO_LARGE', () =>
      InferRequest.decode(referenceEncode('InferRequest', { ...request, inputNames })),
    )
    const longName = { ...request, outputNames: ['é'.repeat(LIMITS.tensorNameBytes / 2 + 1)] }
    expectCode('PROTOCOL_TOO_LARGE', () => InferRequest.encode(longName))
    expectCode('PROTOCOL_TOO_LARGE', () => InferRequest.decode(referenceEncode('InferRequest', longName)))
  })

  it('takes lists and texts at their limits', () => {
    const value = { ...request, inputNames: Array.from({ length: LIMITS.tensors }, () => 'x') }
    expect(InferRequest.decode(InferRequest.encode(value))).toEqual(value)
    const longName = { ...request, outputNames: ['é'.repeat(LIMITS.tensorNameBytes / 2)] }
    expect(InferRequest.decode(InferRequest.encode(longName))).toEqual(longName)
  })

  it('refuses to send a message that is too large as a whole', () => {
    const offers = Array.from({ length: 17 }, () => new Uint8Array(LIMITS.offerEnvelopeBytes))
    expectCode('PROTOCOL_TOO_LARGE', () => ListOffersResponse.encode({ offers }))
  })
})

describe('values', () => {
  it.each([
    ['a field number of zero', [0x00]],
    ['a group', [0x0b]],
    ['a number of eleven bytes', [0x18, ...Array.from({ length: 10 }, () => 0x80), 1]],
    ['a number of 2^53', [0x18, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]],
    ['a text that is not UTF-8', [0x0a, 2, 0xc3, 0x28]],
    ['a nested message that is longer than what holds it', [0x22, 5, 0x0a]],
  ])('refuses %s', (_case, bytes) => {
    expectCode('PROTOCOL_MALFORMED', () => DescribeResponse.decode(Uint8Array.from(bytes)))
  })

  it('takes 2^53 − 1', () => {
    const value = { name: '', loaded: false, bytes: Number.MAX_SAFE_INTEGER, inputs: [], outputs: [] }
    expect(DescribeResponse.decode(DescribeResponse.encode(value))).toEqual(value)
  })

  it('reads −0 as 0, which is what it writes', () => {
    const read = Offer.decode(referenceEncode('Offer', { ...offer, capability: { ...slow, gflops: -0 } }))
    expect(read.capability?.gflops).toBe(0)
    expect(Offer.decode(Offer.encode(read))).toEqual(read)
  })

  it('refuses what is not the id that a field asks for', () => {
    for (const wrong of ['', 'image', model.toUpperCase(), `${model}a`]) {
      expectCode('PROTOCOL_MALFORMED', () => InferRequest.encode({ ...request, model: wrong }))
      expectCode('PROTOCOL_MALFORMED', () =>
        InferRequest.decode(referenceEncode('InferRequest', { ...request, model: wrong })),
      )
    }
  })

  it.each([-1, 1.5, Number.NaN, 2 ** 32])('refuses to send %d as a uint32', slots => {
    expectCode('PROTOCOL_MALFORMED', () => Offer.encode({ ...offer, slots }))
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %d as a speed from both sides', gflops => {
    const capability = { gflops, memoryBandwidthMbps: 1, backend: 'cpu', memoryBytes: 1 }
    expectCode('PROTOCOL_MALFORMED', () => Offer.encode({ ...offer, capability }))
    expectCode('PROTOCOL_MALFORMED', () => Offer.decode(referenceEncode('Offer', { ...offer, capability })))
  })

  it('refuses to send half of a surrogate pair', () => {
    expectCode('PROTOCOL_MALFORMED', () => InferRequest.encode({ ...request, inputNames: ['\ud83d'] }))
  })

  it('reads an enum value that it does not know as unspecified', () => {
    const known = StatusResponse.encode({ ...status, role: 'bootstrap' })
    const at = known.lastIndexOf(2)
    expect(StatusResponse.decode(known).role).toBe('bootstrap')
    expect(StatusResponse.decode(known.with(at, 77)).role).toBe('unspecified')
  })

  it('refuses to send an enum value that there is not', () => {
    expectCode('PROTOCOL_MALFORMED', () => StatusResponse.encode({ ...status, role: 'king' as NodeRole }))
  })

  it('refuses a number over its limit from both sides', () => {
    const read: ReadRequest = { cid: model, offset: 0, length: LIMITS.artifactBlockBytes }
    expect(ReadRequest.decode(ReadRequest.encode(read))).toEqual(read)
    const greedy = { ...read, length: LIMITS.artifactBlockBytes + 1 }
    expectCode('PROTOCOL_TOO_LARGE', () => ReadRequest.encode(greedy))
    expectCode('PROTOCOL_TOO_LARGE', () => ReadRequest.decode(referenceEncode('ReadRequest', greedy)))
  })

  it('takes the last of a field that comes twice, an embedded message whole', () => {
    const first = Offer.encode({ ...offer, region: 'eu', capability: { ...slow, backend: 'cpu' } })
    const second = Offer.encode({ ...offer, region: 'us', capability: { ...slow, gflops: 5 } })
    const both = Offer.decode(Uint8Array.of(...first, ...second))
    expect(both.region).toBe('us')
    expect(both.capability).toEqual({ ...slow, gflops: 5 })
  })

  it('keeps nothing of an encode that failed half-way', () => {
    expectCode('PROTOCOL_MALFORMED', () =>
      InferRequest.encode({ ...request, outputNames: ['fine', '\ud83d'] }),
    )
    expect(InferRequest.decode(InferRequest.encode(request))).toEqual(request)
  })
})

const status: StatusResponse = {
  peerId: protocol.peerIdFromPublicKey(new Uint8Array(32)),
  agent: '',
  role: 'peer',
  uptimeMs: 0,
  peers: 0,
  queueDepth: 0,
  slots: 0,
  models: [],
}

const slow: Capability = { gflops: 0, memoryBandwidthMbps: 0, backend: '', memoryBytes: 0 }

const offer: Offer = {
  peerId: protocol.peerIdFromPublicKey(new Uint8Array(32)),
  sequence: 1,
  issuedAtMs: 0,
  expiresAtMs: 1,
  region: '',
  queueDepth: 0,
  slots: 1,
  models: [],
}

function tag(field: number, wireType: number): number[] {
  const value = field * 8 + wireType
  return [(value & 0x7f) | 0x80, value >>> 7]
}
