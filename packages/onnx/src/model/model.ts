import type { OnnxElementType } from '../element-types.js'
import type { ByteSource } from '../source.js'

/** A dimension: a size, a symbol, or `null` where the model leaves it open. */
export type Dimension = number | string | null

/** A tensor's type; `dims` is `null` where even the rank is open. */
export interface TensorType {
  readonly kind: 'tensor' | 'sparse-tensor'
  readonly elementType: OnnxElementType
  readonly dims: readonly Dimension[] | null
}

/** The type of a value. */
export type ValueType =
  | TensorType
  | { readonly kind: 'sequence' | 'optional'; readonly element: ValueType }
  | { readonly kind: 'map'; readonly key: OnnxElementType; readonly value: ValueType }
  | { readonly kind: 'opaque' }

/** A named value; `type` is `undefined` where the model does not say. */
export interface ValueInfo {
  readonly name: string
  readonly type: ValueType | undefined
}

/** Where a tensor's elements are. */
export type TensorLocation =
  /** Raw little-endian bytes inside the model file. */
  | { readonly kind: 'inline'; readonly offset: number; readonly byteLength: number }
  /** Typed protobuf fields (`float_data`, `int32_data`, …) of the `TensorProto` at this range of the model file. */
  | { readonly kind: 'typed'; readonly offset: number; readonly byteLength: number }
  /** Raw little-endian bytes of another file, relative to the model file's folder. */
  | ExternalLocation

/** A range of another file, as the model writes it: not yet checked against that file. */
export interface ExternalLocation {
  readonly kind: 'external'
  readonly path: string
  readonly offset: number
  readonly byteLength: number
  /** Keys of `external_data` that are neither location, offset, length nor checksum. */
  readonly otherKeys: readonly string[]
}

/** A weight, known without its elements. */
export interface OnnxTensor {
  readonly name: string
  readonly elementType: OnnxElementType
  readonly dims: readonly number[]
  /** Bytes of its elements in raw form; 0 for strings, whose bytes only reading tells. */
  readonly byteLength: number
  readonly location: TensorLocation
}

/** A sparse weight: values at indices. */
export interface OnnxSparseTensor {
  readonly dims: readonly number[]
  readonly values: OnnxTensor
  readonly indices: OnnxTensor
}

/** An attribute's value. Subgraphs and tensors come as lists, of one where the attribute holds one. */
export type AttributeValue =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'string'; readonly value: Uint8Array }
  | { readonly kind: 'floats'; readonly values: Float32Array }
  | { readonly kind: 'ints'; readonly values: BigInt64Array }
  | { readonly kind: 'strings'; readonly values: readonly Uint8Array[] }
  | { readonly kind: 'tensor' | 'tensors'; readonly tensors: readonly OnnxTensor[] }
  | { readonly kind: 'graph' | 'graphs'; readonly graphs: readonly OnnxGraph[] }
  | { readonly kind: 'sparse-tensor' | 'sparse-tensors'; readonly tensors: readonly OnnxSparseTensor[] }
  | { readonly kind: 'type' | 'types'; readonly types: readonly ValueType[] }
  /** Inside a function: the value of the caller's attribute of this name. */
  | { readonly kind: 'reference'; readonly attribute: string }

/** An attribute of a node. */
export interface OnnxAttribute {
  readonly name: string
  readonly value: AttributeValue
}

/** One operator call. `domain` is `''` for ai.onnx. */
export interface OnnxNode {
  readonly name: string
  readonly domain: string
  readonly operator: string
  readonly overload: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: readonly OnnxAttribute[]
}

/** A graph: of the model, or inside If, Loop or Scan. */
export interface OnnxGraph {
  readonly name: string
  readonly nodes: readonly OnnxNode[]
  readonly initializers: readonly OnnxTensor[]
  readonly sparseInitializers: readonly OnnxSparseTensor[]
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  readonly values: readonly ValueInfo[]
}

/** An operator that the model itself defines. */
export interface OnnxFunction {
  readonly domain: string
  readonly name: string
  readonly overload: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: readonly string[]
  readonly defaults: readonly OnnxAttribute[]
  readonly opsets: ReadonlyMap<string, number>
  readonly nodes: readonly OnnxNode[]
  readonly values: readonly ValueInfo[]
}

/** A model, opened: its graph in memory, its weights in the file. */
export interface OnnxModel {
  readonly irVersion: number
  readonly producer: string
  /** Operator-set versions by domain, `''` being ai.onnx. */
  readonly opsets: ReadonlyMap<string, number>
  readonly metadata: ReadonlyMap<string, string>
  readonly graph: OnnxGraph
  readonly functions: readonly OnnxFunction[]
  /** Whether the file carries `training_info`. */
  readonly hasTrainingInfo: boolean
  /** Bytes of the file that were kept in memory. */
  readonly keptBytes: number
  /** The model file. */
  readonly source: ByteSource
  /** Opens a file of external data by its path as the model writes it. */
  readonly externalData: (path: string) => Promise<ByteSource>
}
