import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeFrame,
  encodeFrame,
  encodeFrameHead,
  FRAME_PREFIX_BYTES,
  type FrameInit,
  frameBytes,
  LIMITS,
} from '../src/index.js'
import { expectCode } from './expect-code.js'

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const call: FrameInit = {
  kind: 'call',
  callId: 7,
  method: 'Infer',
  deadlineMs: 250,
  traceparent,
  body: Uint8Array.of(1, 2),
}

const callId = fc.integer({ min: 1, max: 0xffff_ffff })
const body = fc.uint8Array({ maxLength: 40 })
const attachmentBytes = fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { maxLength: 5 })
const method = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,20}$/)
const hexDigits = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`))
const trace = fc
  .tuple(hexDigits(32), hexDigits(16), hexDigits(2))
  .map(([traceId, spanId, flags]) => `00-${traceId}-${spanId}-${flags}`)

const frame = fc.oneof(
  fc.record({
    kind: fc.constant('call' as const),
    callId,
    method,
    deadlineMs: fc.integer({ min: 0, max: LIMITS.deadlineMs }),
    traceparent: fc.oneof(trace, fc.constant('')),
    body,
    attachmentBytes,
  }),
  fc.record({ kind: fc.constantFrom('message' as const, 'reply' as const), callId, body, attachmentBytes }),
  fc.record({ kind: fc.constant('error' as const), callId, body }),
  fc.record({ kind: fc.constantFrom('end' as const, 'cancel' as const), callId }),
)

const empty = { method: '', deadlineMs: 0, traceparent: '', body: new Uint8Array(0), attachmentBytes: [] }

it('frames come back as they were sent, and say their size at once', () => {
  fc.assert(
    fc.property(frame, sent => {
      const bytes = encodeFrame(sent)
      expect(frameBytes(bytes.subarray(0, FRAME_PREFIX_BYTES))).toBe(bytes.length)
      expect(decodeFrame(bytes)).toEqual({ ...empty, ...sent })
    }),
  )
})

it('a head alone is what comes before the body, whatever was in the memory that it takes', () => {
  fc.assert(
    fc.property(frame, sent => {
      const whole = Buffer.from(encodeFrame(sent))
      const head = encodeFrameHead(sent)
      head.fill(0xff)
      expect(Buffer.concat([encodeFrameHead(sent), 'body' in sent ? sent.body : empty.body])).toEqual(whole)
    }),
  )
})

it('frames are laid out as documented', () => {
  const bytes = encodeFrame({ ...call, traceparent: '', attachmentBytes: [3, 256] })
  expect(Buffer.from(bytes).toString('hex')).toBe(
    [
      '01050001',
      '07000000',
      'fa000000',
      '02000000',
      '02000000',
      '00000000',
      Buffer.from('Infer').toString('hex'),
      '03000000',
      '00010000',
      '0102',
    ].join(''),
  )
})

it('the body is a view of the bytes that came', () => {
  const bytes = encodeFrame(call)
  expect(decodeFrame(bytes).body.buffer).toBe(bytes.buffer)
})

describe('refuses to send', () => {
  it.each<[string, Partial<FrameInit>]>([
    ['call id 0', { callId: 0 }],
    ['call id 2^32', { callId: 2 ** 32 }],
    ['a call without a method', { method: '' }],
    ['a method that is not letters and digits', { method: 'In-fer' }],
    ['a negative deadline', { deadlineMs: -1 }],
    ['a deadline over the limit', { deadlineMs: LIMITS.deadlineMs + 1 }],
    ['half a millisecond', { deadlineMs: 0.5 }],
    ['a trace that is not W3C', { traceparent: traceparent.toUpperCase() }],
    ['a method in a reply', { kind: 'reply' }],
    ['a body in a cancel', { kind: 'cancel', method: '', deadlineMs: 0, traceparent: '' }],
    [
      'an attachment to an error',
      { kind: 'error', method: '', deadlineMs: 0, traceparent: '', attachmentBytes: [1] },
    ],
  ])('%s', (_case, change) => {
    expectCode('PROTOCOL_MALFORMED', () => encodeFrame({ ...call, ...change }))
  })

  it.each<[string, Partial<FrameInit>]>([
    ['a method name over the limit', { method: 'M'.repeat(LIMITS.methodBytes + 1) }],
    ['a body over the limit', { body: new Uint8Array(LIMITS.frameBodyBytes + 1) }],
    ['too many attachments', { attachmentBytes: new Array(LIMITS.attachments + 1).fill(1) }],
    ['an attachment of 2^32 bytes', { attachmentBytes: [2 ** 32] }],
    ['an attachment of −1 bytes', { attachmentBytes: [-1] }],
  ])('%s', (_case, change) => {
    expectCode('PROTOCOL_TOO_LARGE', () => encodeFrame({ ...call, ...change }))
  })
})

describe('refuses', () => {
  const good = encodeFrame(call)

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a prefix that is cut short', good.subarray(0, FRAME_PREFIX_BYTES - 1)],
    ['a body that is cut short', good.subarray(0, good.length - 1)],
    ['bytes after the body', Uint8Array.of(...good, 0)],
    ['kind 0', good.with(0, 0)],
    ['a kind of a newer version', good.with(0, 7)],
    ['call id 0', good.with(4, 0)],
    ['reserved bytes in use', good.with(20, 1)],
    ['a method that is not ASCII', good.with(24, 0xc3)],
    ['a deadline in a reply', good.with(0, 4)],
  ])('%s', (_case, bytes) => {
    expectCode('PROTOCOL_MALFORMED', () => decodeFrame(bytes))
  })

  it('another version', () => {
    expectCode('PROTOCOL_UNSUPPORTED_VERSION', () => decodeFrame(good.with(3, 2)))
  })

  it('a body, a head and attachments over their limits by the prefix alone', () => {
    expectCode('PROTOCOL_TOO_LARGE', () => frameBytes(good.with(19, 1)))
    expectCode('PROTOCOL_TOO_LARGE', () => frameBytes(good.with(15, 1)))
  })
})
