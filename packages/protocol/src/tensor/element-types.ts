import type { ElementType, TensorData } from './tensor.js'

/** How one element type lies in memory and on the wire. */
export interface ElementLayout {
  readonly type: ElementType
  /** Its number in ONNX's `TensorProto.DataType`, which is its number on the wire too. */
  readonly code: number
  /** Bits of one element; 0 for strings, which vary. */
  readonly bits: 0 | 4 | 8 | 16 | 32 | 64
  /** Bytes of one element of the array that holds the data, and so its alignment. */
  readonly alignBytes: 1 | 2 | 4 | 8
  /** The array over a payload; absent for strings. */
  readonly view?: (
    buffer: ArrayBufferLike,
    byteOffset: number,
    length: number,
  ) => Exclude<TensorData, readonly string[]>
}

const uint8 = (buffer: ArrayBufferLike, byteOffset: number, length: number) =>
  new Uint8Array(buffer, byteOffset, length)
const uint16 = (buffer: ArrayBufferLike, byteOffset: number, length: number) =>
  new Uint16Array(buffer, byteOffset, length)

/** Every element type. float16 is seen as its bits, whether or not the host has `Float16Array`. */
const LAYOUTS: readonly ElementLayout[] = [
  {
    type: 'float32',
    code: 1,
    bits: 32,
    alignBytes: 4,
    view: (buffer, at, length) => new Float32Array(buffer, at, length),
  },
  { type: 'uint8', code: 2, bits: 8, alignBytes: 1, view: uint8 },
  {
    type: 'int8',
    code: 3,
    bits: 8,
    alignBytes: 1,
    view: (buffer, at, length) => new Int8Array(buffer, at, length),
  },
  { type: 'uint16', code: 4, bits: 16, alignBytes: 2, view: uint16 },
  {
    type: 'int16',
    code: 5,
    bits: 16,
    alignBytes: 2,
    view: (buffer, at, length) => new Int16Array(buffer, at, length),
  },
  {
    type: 'int32',
    code: 6,
    bits: 32,
    alignBytes: 4,
    view: (buffer, at, length) => new Int32Array(buffer, at, length),
  },
  {
    type: 'int64',
    code: 7,
    bits: 64,
    alignBytes: 8,
    view: (buffer, at, length) => new BigInt64Array(buffer, at, length),
  },
  { type: 'string', code: 8, bits: 0, alignBytes: 1 },
  { type: 'bool', code: 9, bits: 8, alignBytes: 1, view: uint8 },
  { type: 'float16', code: 10, bits: 16, alignBytes: 2, view: uint16 },
  {
    type: 'float64',
    code: 11,
    bits: 64,
    alignBytes: 8,
    view: (buffer, at, length) => new Float64Array(buffer, at, length),
  },
  {
    type: 'uint32',
    code: 12,
    bits: 32,
    alignBytes: 4,
    view: (buffer, at, length) => new Uint32Array(buffer, at, length),
  },
  {
    type: 'uint64',
    code: 13,
    bits: 64,
    alignBytes: 8,
    view: (buffer, at, length) => new BigUint64Array(buffer, at, length),
  },
  { type: 'uint4', code: 21, bits: 4, alignBytes: 1, view: uint8 },
  { type: 'int4', code: 22, bits: 4, alignBytes: 1, view: uint8 },
]

const byType = new Map<string, ElementLayout>(LAYOUTS.map(layout => [layout.type, layout]))
const byCode = new Map<number, ElementLayout>(LAYOUTS.map(layout => [layout.code, layout]))

/** Every element type, in the order of their ONNX numbers. */
export const ELEMENT_TYPES: readonly ElementType[] = LAYOUTS.map(layout => layout.type)

/** The layout of a type, or `undefined` where there is no such type. */
export function layoutOf(type: string): ElementLayout | undefined {
  return byType.get(type)
}

/** The layout of an ONNX `TensorProto.DataType` number, or `undefined` where ONNX Runtime's API lacks it. */
export function layoutOfCode(code: number): ElementLayout | undefined {
  return byCode.get(code)
}
