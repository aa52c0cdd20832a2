import * as protocol from '@neurovoyance/protocol'
import {
  type Codec,
  createSigner,
  createTensor,
  DOMAINS,
  decodeFrame,
  decodeTensorFrame,
  ELEMENT_TYPES,
  type ElementType,
  encodeFrame,
  encodeTensorFrame,
  type FrameInit,
  readEnvelope,
  sealEnvelope,
  type Tensor,
  tensorFromBytes,
} from '@neurovoyance/protocol'
import fc from 'fast-check'
import { messageNames, messageValue } from './arbitraries.ts'

/** Something that travels: its bytes, and what reading them gives. */
export interface WireSample {
  /** `message/Offer`, `frame/call`, `tensor/float16`, `envelope/offer`. */
  readonly name: string
  readonly hex: string
  readonly value: unknown
}

const SEED = 1
const DRAWN = 60
const MAX_BYTES = 400
const ELEMENTS = 4

/** Every message and frame kind, element type and envelope domain, each at least once. */
export async function wireSamples(): Promise<WireSample[]> {
  const envelopes = await Promise.all(Object.keys(DOMAINS).map(domain => envelopeSample(domain as never)))
  return [
    ...messageNames.flatMap(messageSamples),
    ...frames.map(frame => sampleOf(`frame/${frame.kind}`, encodeFrame(frame))),
    ...ELEMENT_TYPES.map(type => sampleOf(`tensor/${type}`, joined(tensorOf(type)))),
    ...envelopes,
  ]
}

/** Reads a sample's bytes. */
export function readSample(name: string, hex: string): unknown {
  const bytes = new Uint8Array(Buffer.from(hex, 'hex'))
  const [kind, what] = name.split('/') as [string, string]
  if (kind === 'message') return codecOf(what).decode(bytes)
  if (kind === 'frame') return decodeFrame(bytes)
  return kind === 'tensor' ? decodeTensorFrame(bytes) : readEnvelope(bytes)
}

/** Writes what `readSample` gave; envelopes are signed, and so not written again. */
export function writeSample(name: string, value: unknown): string | undefined {
  const [kind, what] = name.split('/') as [string, string]
  if (kind === 'message') return toHex(codecOf(what).encode(value as object))
  if (kind === 'frame') return toHex(encodeFrame(value as FrameInit))
  return kind === 'tensor' ? toHex(joined(value as Tensor)) : undefined
}

/** As JSON has it: bytes in hexadecimal, big integers as text. */
export function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (ArrayBuffer.isView(value)) return { hex: toHex(value) }
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return Object.fromEntries(fields.map(([name, field]) => [name, plain(field)]))
}

/** The smallest and the largest of what the schema's arbitrary draws. */
function messageSamples(name: string): WireSample[] {
  const drawn = fc
    .sample(messageValue(name), { seed: SEED, numRuns: DRAWN })
    .map(value => codecOf(name).encode(value))
    .sort((a, b) => a.length - b.length)
  const largest = drawn.findLast(({ length }) => length <= MAX_BYTES) ?? drawn[0]!
  return [drawn[0]!, largest].map(bytes => sampleOf(`message/${name}`, bytes))
}

const frames: readonly FrameInit[] = [
  {
    kind: 'call',
    callId: 1,
    method: 'Infer',
    deadlineMs: 1000,
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    body: Uint8Array.of(1, 2, 3),
    attachmentBytes: [64, 0, 1 << 20],
  },
  { kind: 'message', callId: 2, body: Uint8Array.of(4), attachmentBytes: [8] },
  { kind: 'end', callId: 2 },
  { kind: 'reply', callId: 3, body: Uint8Array.of(5, 6), attachmentBytes: [1] },
  { kind: 'error', callId: 0xffff_ffff, body: Uint8Array.of(7) },
  { kind: 'cancel', callId: 4 },
]

function tensorOf(type: ElementType): Tensor {
  if (type === 'string') return createTensor(type, ['', 'a', 'é', '日本'], [2, 2])
  const bits = type === 'bool' ? 8 : Number(/\d+$/.exec(type)![0])
  const bytes = Uint8Array.from({ length: (ELEMENTS * bits) / 8 }, (_, index) =>
    type === 'bool' ? index % 2 : index,
  )
  return tensorFromBytes(type, [2, 2], bytes)
}

async function envelopeSample(domain: keyof typeof DOMAINS): Promise<WireSample> {
  const signer = createSigner(new Uint8Array(32).fill(1))
  const payload = Uint8Array.of(1, 2, 3)
  return sampleOf(`envelope/${domain}`, await sealEnvelope({ domain: DOMAINS[domain], payload, signer }))
}

function sampleOf(name: string, bytes: Uint8Array): WireSample {
  const hex = toHex(bytes)
  return { name, hex, value: plain(readSample(name, hex)) }
}

function codecOf(name: string): Codec<object> {
  return (protocol as unknown as Record<string, Codec<object>>)[name]!
}

function joined(tensor: Tensor): Uint8Array {
  return Buffer.concat(encodeTensorFrame(tensor))
}

function toHex({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('hex')
}
