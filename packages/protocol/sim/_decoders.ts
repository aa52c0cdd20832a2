import * as protocol from '@neurovoyance/protocol'
import {
  type Codec,
  canonicalCid,
  cidParts,
  createSigner,
  createTensor,
  DOMAINS,
  decodeFrame,
  decodeTensorFrame,
  ELEMENT_TYPES,
  encodeFrame,
  encodeTensorFrame,
  type Frame,
  formatAddress,
  frameBytes,
  openEnvelope,
  parseAddress,
  peerIdFromPublicKey,
  publicKeyFromPeerId,
  readEnvelope,
  sealEnvelope,
  type Tensor,
  tensorFrameHeader,
} from '@neurovoyance/protocol'
import fc from 'fast-check'
import { messageNames, messageValue } from '../test/arbitraries.ts'
import type { Decoder } from './fuzz/decoder.ts'

const codes = 'PROTOCOL_'
const signer = createSigner(new Uint8Array(32).fill(1))
const text = new TextEncoder()
const latin1 = new TextDecoder('latin1')

/** Every decoder of this package. */
export async function decoders(seed: number): Promise<Decoder[]> {
  return [
    ...messageNames.map(name => messageDecoder(name, seed)),
    {
      name: 'protocol/tensorFrame',
      samples: tensorFrames(),
      decode: decodeTensorFrame,
      encode: joined,
      codes,
      share: 3,
    },
    { name: 'protocol/tensorFrameHeader', samples: tensorFrames(), decode: tensorFrameHeader, codes },
    {
      name: 'protocol/frame',
      samples: frames(),
      decode: decodeFrame,
      encode: (frame: Frame) => encodeFrame(frame),
      codes,
      share: 3,
    },
    { name: 'protocol/frameBytes', samples: frames(), decode: frameBytes, codes },
    ...(await envelopeDecoders()),
    idDecoder('protocol/address', parseAddress, formatAddress(new Uint8Array(32).fill(5))),
    idDecoder('protocol/peerId', publicKeyFromPeerId, peerIdFromPublicKey(signer.publicKey)),
    idDecoder('protocol/cid', cidParts, 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'),
    idDecoder('protocol/canonicalCid', canonicalCid, 'QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR'),
  ]
}

function messageDecoder(name: string, seed: number): Decoder {
  const codec = (protocol as unknown as Record<string, Codec<object>>)[name]!
  const samples = fc.sample(messageValue(name), { seed, numRuns: 24 }).map(value => codec.encode(value))
  return { name: `protocol/${name}`, samples, decode: codec.decode, encode: codec.encode, codes }
}

/** One frame of each element type, one without elements and one scalar. */
function tensorFrames(): Uint8Array[] {
  const tensors = ELEMENT_TYPES.map(type =>
    type === 'string'
      ? createTensor(type, ['', 'a', 'é', 'long enough to matter'], [2, 2])
      : decodeTensorFrame(numericFrame(type)),
  )
  return [
    ...tensors,
    createTensor('float32', new Float32Array(0), [3, 0]),
    createTensor('uint8', Uint8Array.of(1), []),
  ].map(joined)
}

/** Four zeros of a type, by way of the frame, which knows how many bytes they take. */
function numericFrame(type: Tensor['type']): Uint8Array {
  const bits = type === 'bool' ? 8 : Number(/\d+$/.exec(type)![0])
  const [header] = encodeTensorFrame(createTensor('uint8', new Uint8Array((2 * bits) / 4), [(2 * bits) / 4]))
  const frame = new Uint8Array(header.length + (2 * bits) / 4)
  frame.set(header)
  return frame
}

function joined(tensor: Tensor): Uint8Array {
  return Buffer.concat(encodeTensorFrame(tensor))
}

function frames(): Uint8Array[] {
  const body = text.encode('body')
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  return [
    encodeFrame({
      kind: 'call',
      callId: 1,
      method: 'Infer',
      deadlineMs: 1000,
      traceparent,
      body,
      attachmentBytes: [1, 2],
    }),
    encodeFrame({ kind: 'call', callId: 2, method: 'Describe', body }),
    encodeFrame({ kind: 'reply', callId: 2, body, attachmentBytes: [1 << 20] }),
    encodeFrame({ kind: 'message', callId: 3, body }),
    encodeFrame({ kind: 'error', callId: 3, body }),
    encodeFrame({ kind: 'end', callId: 3 }),
    encodeFrame({ kind: 'cancel', callId: 0xffff_ffff }),
  ]
}

/** Opening one costs milliseconds where the signature is reached, so it has a small share. */
async function envelopeDecoders(): Promise<Decoder[]> {
  const domain = DOMAINS.offer
  const samples = await Promise.all(
    [0, 1, 200].map(size => sealEnvelope({ domain, payload: new Uint8Array(size), signer })),
  )
  return [
    { name: 'protocol/envelope', samples, decode: bytes => readEnvelope(bytes), codes, share: 2 },
    {
      name: 'protocol/openEnvelope',
      samples,
      decode: bytes => openEnvelope(bytes, { domain }),
      codes,
      share: 0.05,
    },
  ]
}

function idDecoder(name: string, parse: (value: string) => unknown, sample: string): Decoder {
  return { name, samples: [text.encode(sample)], decode: bytes => parse(latin1.decode(bytes)), codes }
}
