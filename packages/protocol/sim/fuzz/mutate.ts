import type { SeededRandom } from './random.ts'

/** Numbers at which formats break: around powers of two, signs, and what 2^53 cannot hold. */
const EDGES = [
  0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xffff, 0x10000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
]
const MAX_FRAME_BYTES = 1 << 16

type Mutation = (frame: Uint8Array, random: SeededRandom, samples: readonly Uint8Array[]) => Uint8Array

/** A frame to feed: one in sixteen a sample as it is, most damaged samples, some noise. */
export function makeFrame(
  random: SeededRandom,
  samples: readonly Uint8Array[],
): { frame: Uint8Array; intact: boolean } {
  const sample = random.pick(samples)
  switch (random.int(16)) {
    case 0:
      return { frame: sample, intact: true }
    case 1:
      return { frame: random.bytes(random.int(random.int(8) === 0 ? 4096 : 128)), intact: false }
    case 2:
      return { frame: wireNoise(random), intact: false }
    default: {
      let frame = sample
      for (let round = random.int(4); round >= 0; round--)
        frame = random.pick(MUTATIONS)(frame, random, samples)
      return { frame: frame.subarray(0, MAX_FRAME_BYTES), intact: false }
    }
  }
}

const truncate: Mutation = (frame, random) => frame.subarray(0, random.int(frame.length + 1))

const flipBit: Mutation = (frame, random) => {
  const copy = Uint8Array.from(frame)
  if (copy.length > 0) copy[random.int(copy.length)]! ^= 1 << random.int(8)
  return copy
}

const setByte: Mutation = (frame, random) => {
  const copy = Uint8Array.from(frame)
  if (copy.length > 0)
    copy[random.int(copy.length)] = random.int(2) === 0 ? random.int(256) : random.pick(EDGES)
  return copy
}

const setWord: Mutation = (frame, random) => {
  const copy = Uint8Array.from(frame)
  const bytes = random.pick([2, 4, 8])
  if (copy.length < bytes) return copy
  const view = new DataView(copy.buffer)
  const offset = random.int(copy.length - bytes + 1)
  if (bytes === 2) view.setUint16(offset, random.pick(EDGES), true)
  else view.setUint32(offset, random.pick(EDGES), true)
  if (bytes === 8) view.setUint32(offset + 4, random.pick(EDGES), true)
  return copy
}

const insertVarint: Mutation = (frame, random) => insert(frame, random.int(frame.length + 1), varint(random))

const insertNoise: Mutation = (frame, random) =>
  insert(frame, random.int(frame.length + 1), random.bytes(1 + random.int(16)))

const cutOut: Mutation = (frame, random) => {
  const start = random.int(frame.length + 1)
  const end = Math.min(frame.length, start + 1 + random.int(16))
  return Uint8Array.of(...frame.subarray(0, start), ...frame.subarray(end))
}

/** A run of the frame over and over: lists that grow. */
const repeat: Mutation = (frame, random) => {
  const start = random.int(frame.length + 1)
  const part = frame.subarray(start, start + 1 + random.int(24))
  const times = 1 + random.int(random.int(32) === 0 ? 2000 : 8)
  const grown = new Uint8Array(part.length * times)
  for (let index = 0; index < times; index++) grown.set(part, index * part.length)
  return insert(frame, start, grown)
}

const splice: Mutation = (frame, random, samples) => {
  const other = random.pick(samples)
  const head = frame.subarray(0, random.int(frame.length + 1))
  const tail = other.subarray(random.int(other.length + 1))
  return insert(head, head.length, tail)
}

const MUTATIONS = [truncate, flipBit, setByte, setWord, insertVarint, insertNoise, cutOut, repeat, splice]

/** Fields as protobuf writes them, of random number, type and content. */
function wireNoise(random: SeededRandom): Uint8Array {
  let frame: Uint8Array = new Uint8Array(0)
  for (let fields = random.int(8); fields >= 0; fields--) {
    const type = random.pick([0, 0, 1, 2, 2, 2, 5, 3])
    const content =
      type === 2 ? random.bytes(random.int(24)) : random.bytes({ 0: 1, 1: 8, 3: 0, 5: 4 }[type]!)
    const length = type === 2 ? [content.length + (random.int(16) === 0 ? random.int(64) : 0)] : []
    frame = Uint8Array.of(...frame, ((1 + random.int(15)) << 3) | type, ...length, ...content)
  }
  return frame
}

function varint(random: SeededRandom): Uint8Array {
  const bytes = random.bytes(1 + random.int(11)).map(byte => byte | 0x80)
  if (random.int(4) > 0) bytes[bytes.length - 1]! &= 0x7f
  return bytes
}

function insert(frame: Uint8Array, offset: number, part: Uint8Array): Uint8Array {
  const whole = new Uint8Array(frame.length + part.length)
  whole.set(frame.subarray(0, offset))
  whole.set(part, offset)
  whole.set(frame.subarray(offset), offset + part.length)
  return whole
}
