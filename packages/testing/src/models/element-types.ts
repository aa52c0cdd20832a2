import type { ElementType, TensorData } from '@neurovoyance/protocol'

/** `TensorProto.DataType` of each element type. */
export const ONNX_DATA_TYPE: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  uint4: 21,
  int4: 22,
}

/** Element types that ONNX Runtime's CPU kernels for `Identity` and its JavaScript tensors both take. */
export const RUNNABLE_ELEMENT_TYPES = [
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
] as const satisfies readonly ElementType[]

/** Six values of an element type, its extremes among them. */
export function sixElements(type: ElementType): TensorData {
  switch (type) {
    case 'float32':
      return Float32Array.of(0, -0, 1.5, -2.25, 3.4e38, Number.NEGATIVE_INFINITY)
    case 'float64':
      return Float64Array.of(0, -0, 1.5, -2.25, 1.7e308, Number.POSITIVE_INFINITY)
    case 'float16':
      return Uint16Array.of(0x0000, 0x8000, 0x3c00, 0xc000, 0x7bff, 0x7c00)
    case 'uint8':
      return Uint8Array.of(0, 1, 2, 127, 128, 255)
    case 'bool':
      return Uint8Array.of(0, 1, 1, 0, 0, 1)
    case 'int8':
      return Int8Array.of(0, 1, -1, 127, -128, 42)
    case 'uint16':
      return Uint16Array.of(0, 1, 2, 32767, 32768, 65535)
    case 'int16':
      return Int16Array.of(0, 1, -1, 32767, -32768, 42)
    case 'uint32':
      return Uint32Array.of(0, 1, 2, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1)
    case 'int32':
      return Int32Array.of(0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 42)
    case 'int64':
      return BigInt64Array.of(0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 42n)
    case 'uint64':
      return BigUint64Array.of(0n, 1n, 2n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n)
    case 'string':
      return ['', 'a', 'Zürich', '日本', '🐝', 'line\nbreak']
    case 'uint4':
      return Uint8Array.of(0x10, 0x32, 0xfe)
    case 'int4':
      return Int8Array.of(0x10, 0x32, -2)
  }
}
