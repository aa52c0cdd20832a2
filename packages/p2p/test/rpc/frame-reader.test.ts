import { encodeFrame, type Frame, type FrameInit } from '@neurovoyance/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allocateExact } from '../../src/rpc/allocate.js'
import { FrameReader, type ReceivedFrame } from '../../src/rpc/frame-reader.js'

interface Sent {
  frame: FrameInit
  attachments: Uint8Array[]
}

const sent: fc.Arbitrary<Sent> = fc
  .record({
    callId: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    body: fc.uint8Array({ maxLength: 3000 }),
    attachments: fc.array(fc.uint8Array({ maxLength: 5000 }), { maxLength: 4 }),
  })
  .map(({ callId, body, attachments }) => ({
    frame: { kind: 'message', callId, body, attachmentBytes: attachments.map(part => part.length) },
    attachments,
  }))

/** A reader that keeps what it delivers, each body copied as a receiver would decode it. */
function collector(admit: (head: Frame, attachmentBytes: number) => number = () => 0) {
  const frames: ReceivedFrame[] = []
  let released = 0
  const reader = new FrameReader({
    admit,
    allocate: allocateExact,
    deliver: ({ head, ...rest }) => frames.push({ head: { ...head, body: head.body.slice() }, ...rest }),
    release: bytes => {
      released += bytes
    },
  })
  return { reader, frames, released: () => released }
}

describe('FrameReader', () => {
  it('gives the frames that were sent, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(sent, { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1 }),
        (all, cuts) => {
          const wire = Buffer.concat(
            all.flatMap(({ frame, attachments }) => [encodeFrame(frame), ...attachments]),
          )
          const { reader, frames } = collector()
          for (let at = 0, cut = 0; at < wire.length; cut++) {
            const end = at + cuts[cut % cuts.length]!
            reader.push(new Uint8Array(wire.subarray(at, end)))
            at = end
          }
          expect(reader.midFrame).toBe(false)
          expect(frames.map(({ head }) => ({ id: head.callId, body: [...head.body] }))).toEqual(
            all.map(({ frame }) => ({ id: frame.callId, body: [...frame.body!] })),
          )
          expect(frames.map(({ attachments }) => attachments.map(part => [...part]))).toEqual(
            all.map(({ attachments }) => attachments.map(part => [...part])),
          )
          for (const part of frames.flatMap(({ attachments }) => attachments)) {
            expect(part.byteOffset + part.buffer.byteLength - part.length).toBe(0)
          }
        },
      ),
    )
  })

  it('takes any bytes with nothing worse than a coded error', () => {
    fc.assert(
      fc.property(
        sent,
        fc.array(fc.tuple(fc.nat(60), fc.nat(255))),
        fc.uint8Array({ maxLength: 200 }),
        (one, edits, tail) => {
          const wire = new Uint8Array(Buffer.concat([encodeFrame(one.frame), ...one.attachments, tail]))
          for (const [at, value] of edits) if (at < wire.length) wire[at] = value
          let allocated = 0
          const { reader } = collector((_, attachmentBytes) => {
            allocated += attachmentBytes
            if (attachmentBytes > 100_000)
              throw Object.assign(new Error('too much'), { code: 'P2P_LIMIT_EXCEEDED' })
            return 0
          })
          try {
            reader.push(wire)
          } catch (error) {
            expect((error as { code?: string }).code).toMatch(/^P(ROTOCOL|2P)_/)
          }
          expect(allocated).toBeLessThan(Number.MAX_SAFE_INTEGER)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('gives back what a frame held that does not get complete', () => {
    const { reader, released } = collector(() => 77)
    reader.push(encodeFrame({ kind: 'message', callId: 1, attachmentBytes: [10] }))
    reader.push(new Uint8Array(4))
    expect(reader.inAttachments).toBe(true)
    reader.abandon()
    reader.abandon()
    expect(released()).toBe(77)
    expect(reader.midFrame).toBe(false)
  })

  it('keeps no more of an announced head than has come', () => {
    const { reader } = collector()
    const head = encodeFrame({ kind: 'message', callId: 1, body: new Uint8Array(4_000_000) })
    const before = process.memoryUsage().arrayBuffers
    reader.push(head.subarray(0, 100))
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000)
  })
})
