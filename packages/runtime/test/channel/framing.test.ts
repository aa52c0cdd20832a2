import { decodeTensorFrame, encodeTensorFrame } from '@neurovoyance/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ALIGNMENT_BYTES,
  encodeMessage,
  framesOf,
  layOutFrames,
  PREFIX_BYTES,
} from '../../src/channel/framing.js'
import { createMessageReader } from '../../src/channel/message-reader.js'
import type { FramePlace, Received } from '../../src/channel/messages.js'

interface Header {
  readonly note: string
  readonly places: readonly FramePlace[]
}

const tensors = fc.array(
  fc.uint8Array({ maxLength: 100 }).map(data => ({ type: 'uint8' as const, dims: [data.length], data })),
  { maxLength: 5 },
)

function encode(
  note: string,
  body: readonly { type: 'uint8'; dims: number[]; data: Uint8Array }[],
): Uint8Array {
  const layout = layOutFrames(
    body.map((tensor, index) => {
      const [header, payload] = encodeTensorFrame(tensor)
      return { name: String(index), chunks: [header, payload], payloadBytes: payload.byteLength }
    }),
  )
  return Buffer.concat(encodeMessage({ note, places: layout.places } satisfies Header, layout))
}

/** `bytes` in pieces of the given sizes, the rest as one. */
function pieces(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const parts: Uint8Array[] = []
  let offset = 0
  for (const size of sizes) {
    parts.push(bytes.slice(offset, offset + size))
    offset += size
  }
  return [...parts, bytes.slice(offset)]
}

describe('messages', () => {
  it('arrive whole and aligned, however the pipe cuts them', () => {
    const message = fc.record({ note: fc.string({ unit: 'grapheme', maxLength: 40 }), body: tensors })
    const cuts = fc.array(fc.integer({ min: 1, max: 80 }), { maxLength: 60 })
    fc.assert(
      fc.property(fc.array(message, { maxLength: 4 }), cuts, (messages, sizes) => {
        const received: Received<Header>[] = []
        const read = createMessageReader<Header>(each => received.push(each))
        const bytes = Buffer.concat(messages.map(({ note, body }) => encode(note, body)))
        for (const piece of pieces(bytes, sizes)) read(piece)
        expect(received.map(({ header }) => header.note)).toEqual(messages.map(({ note }) => note))
        for (const [index, { header, body }] of received.entries()) {
          const frames = framesOf(body, header.places)
          expect(frames.map(({ frame }) => decodeTensorFrame(frame).data)).toEqual(
            messages[index]!.body.map(({ data }) => data),
          )
          for (const [place, { frame }] of frames.entries()) {
            const payload =
              frame.byteOffset + frame.byteLength - messages[index]!.body[place]!.data.byteLength
            expect(payload % ALIGNMENT_BYTES).toBe(0)
          }
        }
      }),
    )
  })

  it('are refused before anything is allocated for them', () => {
    const read = createMessageReader(() => {})
    const giant = new Uint8Array(PREFIX_BYTES)
    giant.set(encode('', []).subarray(0, PREFIX_BYTES))
    new DataView(giant.buffer).setBigUint64(8, 2n ** 60n, true)
    expect(() => read(giant)).toThrow(expect.objectContaining({ code: 'RUNTIME_BAD_MESSAGE' }))
    fc.assert(
      fc.property(fc.uint8Array({ minLength: PREFIX_BYTES, maxLength: 64 }), bytes => {
        fc.pre(bytes[0] !== 0x4e)
        expect(() => createMessageReader(() => {})(bytes)).toThrow(
          expect.objectContaining({ code: 'RUNTIME_BAD_MESSAGE' }),
        )
      }),
    )
  })

  it('cannot point outside their body', () => {
    const outside = [{ name: 'x', offset: 8, length: 9 }]
    expect(() => framesOf(new Uint8Array(16), outside)).toThrow(
      expect.objectContaining({ code: 'RUNTIME_BAD_MESSAGE' }),
    )
  })
})
