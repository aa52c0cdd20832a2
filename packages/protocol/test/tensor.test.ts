import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createTensor,
  decodeTensorFrame,
  ELEMENT_TYPES,
  type ElementType,
  elementCount,
  encodeTensorFrame,
  LIMITS,
  type Tensor,
  type TensorData,
  tensorBytes,
  tensorFrameHeader,
  tensorFromBytes,
} from '../src/index.js'
import { expectCode } from './expect-code.js'

/** The array that a decoded tensor of each type holds. */
const arrays: Record<Exclude<ElementType, 'string'>, new (buffer: ArrayBuffer) => TensorData> = {
  float32: Float32Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
  float16: Uint16Array,
  float64: Float64Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  uint4: Uint8Array,
  int4: Uint8Array,
}

const elementBytes = { 4: 0.5, 8: 1, 16: 2, 32: 4, 64: 8 } as const

function bytesPerElement(type: Exclude<ElementType, 'string'>): number {
  if (type === 'bool') return 1
  return elementBytes[Number(/\d+$/.exec(type)![0]) as keyof typeof elementBytes]
}

/** The two chunks of a frame in one buffer, `offset` bytes into it. */
function joined(tensor: Tensor, offset = 0): Uint8Array {
  const [header, payload] = encodeTensorFrame(tensor)
  const buffer = new Uint8Array(offset + header.length + payload.length)
  buffer.set(header, offset)
  buffer.set(payload, offset + header.length)
  return buffer.subarray(offset)
}

const dims = fc.array(fc.nat(5), { maxLength: 4 })

const stringTensor = dims.chain(shape =>
  fc
    .array(fc.string({ unit: 'grapheme', maxLength: 8 }), {
      minLength: count(shape),
      maxLength: count(shape),
    })
    .map((data): Tensor => ({ type: 'string', dims: shape, data })),
)

const numericTensor = fc
  .tuple(fc.constantFrom(...(Object.keys(arrays) as Exclude<ElementType, 'string'>[])), dims)
  .chain(([type, shape]) => {
    const size = Math.ceil(count(shape) * bytesPerElement(type))
    return fc
      .uint8Array({ minLength: size, maxLength: size, max: type === 'bool' ? 1 : 255 })
      .map((bytes): Tensor => {
        const buffer = bytes.buffer.slice(
          bytes.byteOffset,
          bytes.byteOffset + bytes.byteLength,
        ) as ArrayBuffer
        return { type, dims: shape, data: new arrays[type](buffer) }
      })
  })

function count(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1)
}

/** Raw bytes, so that NaNs compare by their bits. */
function bits(data: TensorData): unknown {
  if (!ArrayBuffer.isView(data)) return data
  return [data.constructor.name, Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex')]
}

describe('frames', () => {
  it('cover every type of ONNX Runtime in JavaScript', () => {
    expect([...ELEMENT_TYPES].sort()).toEqual([...Object.keys(arrays), 'string'].sort())
  })

  it('come back as they were sent, wherever they lie in a buffer', () => {
    fc.assert(
      fc.property(fc.oneof(numericTensor, stringTensor), fc.nat(9), (tensor, offset) => {
        const frame = joined(tensor, offset)
        const back = decodeTensorFrame(frame)
        expect({ ...back, data: bits(back.data) }).toEqual({ ...tensor, data: bits(tensor.data) })
        expect(tensorFrameHeader(frame)).toMatchObject({
          type: tensor.type,
          dims: tensor.dims,
          elements: count(tensor.dims),
          byteLength: frame.length - tensorFrameHeader(frame).headerBytes,
        })
      }),
    )
  })

  it('are laid out as documented', () => {
    const frame = joined(createTensor('int16', Int16Array.of(-2, 258), [1, 2]))
    expect(Buffer.from(frame).toString('hex')).toBe(
      [
        '4e565431',
        '05',
        '02',
        '0000',
        '0400000000000000',
        '0100000000000000',
        '0200000000000000',
        'feff0201',
      ].join(''),
    )
    const strings = joined(createTensor('string', ['é', ''], [2]))
    expect(Buffer.from(strings).toString('hex')).toBe(
      [
        '4e565431',
        '08',
        '01',
        '0000',
        '0a00000000000000',
        '0200000000000000',
        '02000000',
        '00000000',
        'c3a9',
      ].join(''),
    )
  })

  it('share their bytes with the tensor on both sides', () => {
    const data = Float64Array.of(1, 2, 3)
    const [header, payload] = encodeTensorFrame(createTensor('float64', data, [3]))
    expect(payload.buffer).toBe(data.buffer)
    expect(header.length % 8).toBe(0)
    const frame = joined(createTensor('float64', data, [3]))
    expect((decodeTensorFrame(frame).data as Float64Array).buffer).toBe(frame.buffer)
  })

  it('have a payload that makes the tensor again, by its type and shape', () => {
    fc.assert(
      fc.property(fc.oneof(numericTensor, stringTensor), tensor => {
        const back = tensorFromBytes(tensor.type, tensor.dims, tensorBytes(tensor))
        expect({ ...back, data: bits(back.data) }).toEqual({ ...tensor, data: bits(tensor.data) })
      }),
    )
    expectCode('PROTOCOL_BAD_TENSOR', () => tensorFromBytes('int32', [2], new Uint8Array(7)))
    expectCode('PROTOCOL_BAD_TENSOR', () =>
      tensorFromBytes('complex64' as ElementType, [1], new Uint8Array(8)),
    )
  })

  it('are copied where they lie off their boundary, Node Buffers too', () => {
    const frame = joined(createTensor('float64', Float64Array.of(1.5, -2), [2]), 3)
    for (const bytes of [frame, Buffer.from(frame.buffer, frame.byteOffset, frame.length)]) {
      const { data } = decodeTensorFrame(bytes) as { data: Float64Array }
      expect(data).toEqual(Float64Array.of(1.5, -2))
      expect(data.buffer).not.toBe(frame.buffer)
    }
  })

  it('take what ONNX Runtime makes: Float16Array, and Int8Array for int4', () => {
    const half = joined({ type: 'float16', dims: [2], data: float16(Uint16Array.of(0x3c00, 0xc000)) })
    expect(decodeTensorFrame(half)).toEqual({
      type: 'float16',
      dims: [2],
      data: Uint16Array.of(0x3c00, 0xc000),
    })
    const nibbles = joined({ type: 'int4', dims: [3], data: Int8Array.of(-1, 7) })
    expect(decodeTensorFrame(nibbles)).toEqual({ type: 'int4', dims: [3], data: Uint8Array.of(255, 7) })
  })

  it.each([
    ['a scalar', [], 1],
    ['an empty tensor', [0], 0],
    ['an empty tensor of a large shape', [2 ** 40, 0, 7], 0],
  ])('hold %s', (_case, shape, length) => {
    const tensor = createTensor('float32', new Float32Array(length), shape)
    expect(decodeTensorFrame(joined(tensor))).toEqual(tensor)
  })
})

describe('refuses', () => {
  const good = joined(createTensor('float32', Float32Array.of(1, 2), [1, 2]))

  /** The good frame with some bytes replaced. */
  function altered(offset: number, ...bytes: number[]): Uint8Array {
    const copy = Uint8Array.from(good)
    copy.set(bytes, offset)
    return copy
  }

  it.each([
    ['an element type that ONNX Runtime lacks', altered(4, 14)],
    ['a rank over the limit', altered(5, LIMITS.tensorRank + 1)],
    ['a header that is cut short', good.subarray(0, 20)],
    ['reserved bytes in use', altered(6, 1)],
    ['a payload that is cut short', good.subarray(0, good.length - 1)],
    ['bytes after the payload', Uint8Array.of(...good, 0)],
    ['a shape that needs more than the payload', altered(16, 2)],
    ['a shape that needs less than the payload', altered(16, 0)],
    ['a dimension of 2^53', altered(22, 0x20)],
    ['nothing', new Uint8Array(0)],
  ])('%s', (_case, bytes) => {
    expectCode('PROTOCOL_BAD_TENSOR', () => decodeTensorFrame(bytes))
  })

  it('dimensions that multiply to 2^53, even beside a zero', () => {
    expectCode('PROTOCOL_BAD_TENSOR', () => elementCount([2 ** 27, 2 ** 26]))
    expectCode('PROTOCOL_BAD_TENSOR', () => elementCount([0, 2 ** 27, 2 ** 26]))
    expect(elementCount([2 ** 27, 2 ** 25])).toBe(2 ** 52)
  })

  it('a payload over the limit by its header alone', () => {
    expectCode('PROTOCOL_TOO_LARGE', () => tensorFrameHeader(altered(8, 0, 0, 0, 0, 1)))
  })

  it('another version', () => {
    expectCode('PROTOCOL_UNSUPPORTED_VERSION', () => decodeTensorFrame(altered(3, 0x32)))
  })

  it('a bool that is neither true nor false', () => {
    fc.assert(
      fc.property(
        fc.nat(20),
        fc.nat(20),
        fc.nat(3),
        fc.integer({ min: 2, max: 255 }),
        (before, after, offset, wrong) => {
          const values = Uint8Array.from({ length: before + 1 + after }, (_, index) => index % 2)
          expect(
            decodeTensorFrame(joined(createTensor('bool', values, [values.length]), offset)).data,
          ).toEqual(values)
          values[before] = wrong
          const frame = joined(createTensor('bool', values, [values.length]), offset)
          expectCode('PROTOCOL_BAD_TENSOR', () => decodeTensorFrame(frame))
        },
      ),
    )
  })

  it('strings whose sizes lie or that are not UTF-8', () => {
    const frame = joined(createTensor('string', ['ab', 'c'], [2]))
    const start = tensorFrameHeader(frame).headerBytes
    for (const [offset, byte] of [
      [start, 1],
      [start, 200],
      [start + 3, 255],
      [start + 8, 0xff],
    ] as const) {
      const copy = Uint8Array.from(frame)
      copy[offset] = byte
      expectCode('PROTOCOL_BAD_TENSOR', () => decodeTensorFrame(copy))
    }
  })

  it.each<[string, Tensor]>([
    ['an unknown type', { type: 'complex64' as ElementType, dims: [1], data: Float32Array.of(1) }],
    ['the wrong array', { type: 'float32', dims: [1], data: Float64Array.of(1) }],
    ['the wrong length', { type: 'float32', dims: [2], data: Float32Array.of(1) }],
    ['a negative dimension', { type: 'float32', dims: [-1], data: Float32Array.of(1) }],
    ['a fractional dimension', { type: 'float32', dims: [0.5], data: Float32Array.of(1) }],
    ['a rank over the limit', { type: 'uint8', dims: new Array(33).fill(1), data: Uint8Array.of(1) }],
    ['strings in an array of bytes', { type: 'string', dims: [1], data: Uint8Array.of(1) }],
    ['bytes in an array of strings', { type: 'uint8', dims: [1], data: ['1'] }],
    ['a string tensor of numbers', { type: 'string', dims: [1], data: [1 as unknown as string] }],
  ])('to send %s', (_case, tensor) => {
    expectCode('PROTOCOL_BAD_TENSOR', () => encodeTensorFrame(tensor))
  })
})

/** What ONNX Runtime gives for float16 where the host has `Float16Array`. */
function float16(patterns: Uint16Array): TensorData {
  const Host = (globalThis as unknown as { Float16Array: new (buffer: ArrayBufferLike) => TensorData })
    .Float16Array
  return new Host(patterns.buffer)
}
