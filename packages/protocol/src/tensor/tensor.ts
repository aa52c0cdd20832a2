/** Every element type of ONNX Runtime's JavaScript API. */
export type ElementType =
  | 'float32'
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'string'
  | 'bool'
  | 'float16'
  | 'float64'
  | 'uint32'
  | 'uint64'
  | 'uint4'
  | 'int4'

/**
 * Raw elements in row-major order; strings as an array, float16 as its bit patterns, bool as 0 and 1, uint4 and
 * int4 as two elements a byte, the first in the low half.
 */
export type TensorData =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigInt64Array
  | BigUint64Array
  | readonly string[]

/** A tensor: the same three fields as ONNX Runtime's `Tensor`, so either can be passed for the other. */
export interface Tensor {
  readonly type: ElementType
  readonly dims: readonly number[]
  readonly data: TensorData
}

/** Tensors by input or output name. */
export type TensorMap = Readonly<Record<string, Tensor>>

/** A tensor frame by input or output name. */
export interface NamedFrame {
  readonly name: string
  readonly frame: Uint8Array
}
