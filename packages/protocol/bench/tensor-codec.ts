/** Encodes and decodes a tensor of 16 MiB: nothing is copied, so the time does not depend on the size. */
import { createTensor, decodeTensorFrame, encodeTensorFrame, type Tensor } from '@neurovoyance/protocol'

const SIZE_BYTES = 16 * 1024 * 1024
const ROUNDS = 51
const targets = { gigabytesPerSecond: '>5', boolGigabytesPerSecond: '>1', copiedBytes: '=0' } as const

/** What the other end holds: the two chunks as they arrive, one after the other in one buffer. */
function received(tensor: Tensor): Uint8Array {
  const [header, payload] = encodeTensorFrame(tensor)
  const frame = new Uint8Array(header.length + payload.length)
  frame.set(header)
  frame.set(payload, header.length)
  return frame
}

/** Payload bytes that lie in another buffer than the one they came in: all that encode and decode copied. */
function copiedBytes(tensor: Tensor): number {
  const frame = received(tensor)
  const [, payload] = encodeTensorFrame(tensor)
  const decoded = decodeTensorFrame(frame)
  const encodedHere = payload.buffer === (tensor.data as Float32Array).buffer
  const decodedHere = (decoded.data as Float32Array).buffer === frame.buffer
  return (encodedHere ? 0 : payload.length) + (decodedHere ? 0 : payload.length)
}

/** Seconds of each round; a round is as many encodes and decodes as the clock can tell apart. */
function roundSeconds(tensor: Tensor, perRound: number): number[] {
  const frame = received(tensor)
  const seconds: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const startMs = performance.now()
    for (let turn = 0; turn < perRound; turn++) {
      if (encodeTensorFrame(tensor)[1].length !== SIZE_BYTES) throw new Error('the payload lost bytes')
      if (decodeTensorFrame(frame).dims[0] !== tensor.dims[0]) throw new Error('the shape changed')
    }
    seconds.push((performance.now() - startMs) / 1000 / perRound)
  }
  return seconds.sort((a, b) => a - b)
}

const floats = createTensor('float32', new Float32Array(SIZE_BYTES / 4).fill(1.5), [1024, 4096])
const bools = createTensor('bool', new Uint8Array(SIZE_BYTES).fill(1), [SIZE_BYTES])

const before = process.memoryUsage().arrayBuffers
const seconds = roundSeconds(floats, 2000)
const grownBytes = process.memoryUsage().arrayBuffers - before
const boolSeconds = roundSeconds(bools, 1)
const median = Math.floor(ROUNDS / 2)
const gigabytesPerSecond = (of: number[], index: number) =>
  Number((SIZE_BYTES / of[index]! / 1e9).toPrecision(4))

const metrics = {
  gigabytesPerSecond: gigabytesPerSecond(seconds, median),
  slowestGigabytesPerSecond: gigabytesPerSecond(seconds, ROUNDS - 1),
  /** A decoder looks at every bool, and at no other element. */
  boolGigabytesPerSecond: gigabytesPerSecond(boolSeconds, median),
  microsecondsPerRoundTrip: Number((seconds[median]! * 1e6).toPrecision(4)),
  copiedBytes: copiedBytes(floats) + copiedBytes(bools),
  /** Memory of buffers after encoding and decoding 102,000 times 16 MiB, over that before: the frame, and headers. */
  heldBytes: grownBytes,
}
const pass = metrics.gigabytesPerSecond > 5 && metrics.boolGigabytesPerSecond > 1 && metrics.copiedBytes === 0
console.log(
  `${SIZE_BYTES} bytes there and back in ${metrics.microsecondsPerRoundTrip} µs, ${metrics.copiedBytes} bytes copied`,
)
console.log(JSON.stringify({ bench: 'tensor-codec', metrics, targets, pass }))
if (!pass && process.argv.includes('--check')) process.exitCode = 1
