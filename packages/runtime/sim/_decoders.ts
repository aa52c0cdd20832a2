import { createTensor, encodeTensorFrame, tensorBytes } from '@neurovoyance/protocol'
import { createMessageReader, encodeMessage, framesOf, layOutFrames } from '../dist/fuzzed.js'

/** What the fuzzer of `@neurovoyance/protocol` takes. */
interface Decoder {
  readonly name: string
  readonly samples: readonly Uint8Array[]
  readonly codes: string
  readonly share?: number
  decode(bytes: Uint8Array): unknown
}

interface Ran {
  readonly op: string
  readonly outputs?: Parameters<typeof framesOf>[1]
}

/** Every decoder of this package. */
export function decoders(): Decoder[] {
  return [childPipe]
}

/** What a child that runs a hostile model may write to its parent: cut in the middle, then its frames found. */
const childPipe: Decoder = {
  name: 'runtime/child-pipe',
  codes: 'RUNTIME_',
  share: 3,
  samples: [message({ op: 'done' }), ran(1), ran(3), stream(message({ op: 'done' }), ran(2))],
  decode(bytes) {
    const received: unknown[] = []
    const read = createMessageReader<Ran>(
      ({ header, body }) =>
        received.push(header.op === 'ran' ? framesOf(body, header.outputs ?? []) : header),
      // What the parent takes is bounded by the limits; here by what there is.
      bytesNeeded => new Uint8Array(Math.min(bytesNeeded, bytes.length)),
    )
    const middle = bytes.length >> 1
    read(bytes.subarray(0, middle))
    read(bytes.subarray(middle))
    return received
  },
}

function ran(outputs: number): Uint8Array {
  const frames = Array.from({ length: outputs }, (_, index) => {
    const tensor = createTensor('float32', new Float32Array(index + 1), [index + 1])
    const payloadBytes = tensorBytes(tensor).byteLength
    return { name: `y${index}`, chunks: encodeTensorFrame(tensor), payloadBytes }
  })
  const layout = layOutFrames(frames)
  return stream(...encodeMessage({ op: 'ran', runUs: 12, outputs: layout.places }, layout))
}

function message(header: object): Uint8Array {
  return stream(...encodeMessage(header))
}

function stream(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
