import { createHash, createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { documentSchemas, protocolPage } from '../codegen/document.ts'
import { readSchemas } from '../codegen/schema.ts'
import {
  cidFromSha256,
  createSigner,
  createTensor,
  Demand,
  DOMAINS,
  decodeFrame,
  decodeTensorFrame,
  encodeFrame,
  encodeTensorFrame,
  formatAddress,
  InferRequest,
  InferResponse,
  openEnvelope,
  ReadRequest,
  RemoteError,
  sealEnvelope,
} from '../src/index.js'

// What docs/protocol.md shows is what this package writes and reads.
const page = readFileSync(protocolPage, 'utf8')
const FENCE = /^```(?:hex|text) (?<name>[\w-]+)\n(?<body>[\s\S]*?)^```$/gm
const LINE = /^(?<offset>[0-9a-f]{4})(?<bytes>(?: {1,2}[0-9a-f]{2})+)(?: .*)?$/

const shown = new Map([...page.matchAll(FENCE)].map(({ groups }) => [groups!.name!, groups!.body!]))

/** The bytes of a dump; offsets and words beside them have to fit. */
function dump(name: string): Uint8Array {
  const bytes: number[] = []
  for (const line of shown.get(name)!.trimEnd().split('\n')) {
    const { groups } = LINE.exec(line) ?? { groups: undefined }
    expect(groups, `${name}: ${line}`).toBeDefined()
    expect(Number.parseInt(groups!.offset!, 16), `${name}: ${line}`).toBe(bytes.length)
    bytes.push(
      ...groups!
        .bytes!.trim()
        .split(/ +/)
        .map(byte => Number.parseInt(byte, 16)),
    )
  }
  return Uint8Array.from(bytes)
}

const counting = Uint8Array.from({ length: 32 }, (_, index) => index)
const keyA = createSigner(counting)
const keyB = createSigner(new Uint8Array(32).fill(1))
const hello = createHash('sha256').update('hello').digest()
const model = cidFromSha256('raw', hello)
const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

it('shows ids', () => {
  expect(shown.get('peer-a')).toBe(`${keyA.peerId}\n`)
  expect(page).toContain(Buffer.from(keyA.publicKey).toString('hex'))
  expect(page).toContain(keyB.peerId)
  expect(shown.get('cid')).toBe(`${model}\n`)
  expect(shown.get('address')).toBe(`${formatAddress(counting)}\n`)
})

const error = { code: 'NODE_MODEL_UNKNOWN', message: 'No.', detailsJson: '{}' }
const stats = { queueUs: 10, runUs: 300, backend: 'cpu', cold: false }
const block = { cid: model, offset: 2 ** 20, length: 2 ** 20 }
const run = { model, inputNames: ['x'], outputNames: [], file: '' }
const attachmentBytes = [40]

it.each([
  [
    'call',
    {
      callId: 1,
      method: 'Infer',
      deadlineMs: 5000,
      traceparent,
      body: InferRequest.encode(run),
      attachmentBytes,
    },
  ],
  ['reply', { callId: 1, body: InferResponse.encode({ outputNames: ['y'], stats }), attachmentBytes }],
  ['error', { callId: 1, body: RemoteError.encode(error) }],
  ['cancel', { callId: 1 }],
  ['duplex-call', { callId: 2, method: 'Read' }],
  ['duplex-message', { callId: 2, body: ReadRequest.encode(block) }],
  ['duplex-end', { callId: 2 }],
] as const)('shows a frame: %s', (name, init) => {
  const kind = name.replace('duplex-', '') as 'call' | 'reply' | 'error' | 'cancel' | 'message' | 'end'
  expect(dump(name)).toEqual(encodeFrame({ kind, ...init }))
  expect(decodeFrame(dump(name))).toMatchObject({ kind, ...init })
})

it.each([
  ['tensor', createTensor('float32', Float32Array.of(1, -2), [1, 2])],
  ['string-tensor', createTensor('string', ['a', 'né'], [2])],
])('shows a frame: %s', (name, tensor) => {
  expect(dump(name)).toEqual(new Uint8Array(Buffer.concat(encodeTensorFrame(tensor))))
  expect(decodeTensorFrame(dump(name))).toEqual(tensor)
})

it('shows an envelope', async () => {
  const issuedAtMs = Date.parse('2026-01-01T00:00:00Z')
  const demand = { model, name: 'add', bytes: 258, requests: 2, issuedAtMs, expiresAtMs: issuedAtMs + 60_000 }
  const payload = Demand.encode(demand)
  expect(dump('envelope')).toEqual(await sealEnvelope({ domain: DOMAINS.demand, payload, signer: keyA }))
  const opened = await openEnvelope(dump('envelope'), { domain: DOMAINS.demand })
  expect(Demand.decode(opened.payload)).toEqual(demand)
  expect(opened.peerId).toBe(keyA.peerId)
})

describe('shows what other packages make, by the formulas beside it', () => {
  const hmac = (key: Uint8Array, ...parts: (string | Uint8Array)[]) =>
    new Uint8Array(parts.reduce((mac, part) => mac.update(part), createHmac('sha256', key)).digest())

  it('proofs of membership', () => {
    const key = hmac(counting, 'neurovoyance/membership/1')
    const peers = `${keyA.peerId}\n${keyB.peerId}\n`
    const [dialler, listener] = [new Uint8Array(32).fill(0xaa), new Uint8Array(32).fill(0xbb)]
    expect(dump('membership-key')).toEqual(key)
    expect(dump('membership-prove')).toEqual(hmac(key, `prove\n${peers}`, dialler))
    expect(dump('membership-answer')).toEqual(hmac(key, `answer\n${peers}`, dialler, listener))
  })

  it('a canonical model id', () => {
    const digest = createHash('sha256').update(dump('canonical-model')).digest('hex')
    expect(page).toContain(`\`onnx1-${digest}\``)
  })
})

it('has the tables that the schemas say: run `pnpm generate` where this fails', () => {
  expect(documentSchemas(page, readSchemas())).toBe(page)
})
