import { ELEMENT_TYPES, type ElementType } from '@neurovoyance/protocol'

/** Every element type that ONNX defines: those that tensors of the network carry, and those only weights have. */
export type OnnxElementType =
  | ElementType
  | 'complex64'
  | 'complex128'
  | 'bfloat16'
  | 'float8e4m3fn'
  | 'float8e4m3fnuz'
  | 'float8e5m2'
  | 'float8e5m2fnuz'
  | 'float4e2m1'
  | 'float8e8m0'
  | 'uint2'
  | 'int2'

/** Number of `TensorProto.DataType` → name and width; strings have no fixed width. */
const DATA_TYPES: ReadonlyMap<number, { readonly type: OnnxElementType; readonly bits: number }> = new Map([
  [1, { type: 'float32', bits: 32 }],
  [2, { type: 'uint8', bits: 8 }],
  [3, { type: 'int8', bits: 8 }],
  [4, { type: 'uint16', bits: 16 }],
  [5, { type: 'int16', bits: 16 }],
  [6, { type: 'int32', bits: 32 }],
  [7, { type: 'int64', bits: 64 }],
  [8, { type: 'string', bits: 0 }],
  [9, { type: 'bool', bits: 8 }],
  [10, { type: 'float16', bits: 16 }],
  [11, { type: 'float64', bits: 64 }],
  [12, { type: 'uint32', bits: 32 }],
  [13, { type: 'uint64', bits: 64 }],
  [14, { type: 'complex64', bits: 64 }],
  [15, { type: 'complex128', bits: 128 }],
  [16, { type: 'bfloat16', bits: 16 }],
  [17, { type: 'float8e4m3fn', bits: 8 }],
  [18, { type: 'float8e4m3fnuz', bits: 8 }],
  [19, { type: 'float8e5m2', bits: 8 }],
  [20, { type: 'float8e5m2fnuz', bits: 8 }],
  [21, { type: 'uint4', bits: 4 }],
  [22, { type: 'int4', bits: 4 }],
  [23, { type: 'float4e2m1', bits: 4 }],
  [24, { type: 'float8e8m0', bits: 8 }],
  [25, { type: 'uint2', bits: 2 }],
  [26, { type: 'int2', bits: 2 }],
])

const BITS = new Map([...DATA_TYPES.values()].map(({ type, bits }) => [type, bits]))

const WIRE_TYPES: ReadonlySet<string> = new Set(ELEMENT_TYPES)

/** The element type of a `TensorProto.DataType` number, or `undefined` where ONNX knows none. */
export function elementTypeOf(dataType: number): OnnxElementType | undefined {
  return DATA_TYPES.get(dataType)?.type
}

/** Width of one element in bits; 0 for strings, which have none. */
export function elementBits(type: OnnxElementType): number {
  return BITS.get(type) ?? 0
}

/** Bytes that `elements` of a type take in raw form: little-endian, sub-byte types packed; 0 for strings. */
export function rawByteLength(type: OnnxElementType, elements: number): number {
  return Math.ceil((elements * elementBits(type)) / 8)
}

/** Whether tensors of this type can be an input or output on the network. */
export function isTensorElementType(type: OnnxElementType): type is ElementType {
  return WIRE_TYPES.has(type)
}
