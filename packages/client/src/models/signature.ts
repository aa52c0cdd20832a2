import type { DescribeResponse, ElementType, TensorSpec } from '@neurovoyance/protocol'

/** One input or output of a model. */
export interface TensorSignature {
  readonly name: string
  /** The element type, or another ONNX value type (`sequence`, `map`) that the network cannot carry. */
  readonly type: ElementType | (string & {})
  /** For each dimension its size, its symbol, or `null` where anything fits; absent where the rank is unknown. */
  readonly dims: readonly (number | string | null)[] | undefined
  /** Whether a run may leave it out. */
  readonly optional: boolean
}

/** What a model takes and gives, in the order of its graph. */
export interface ModelSignature {
  /** The bundle's CID. */
  readonly model: string
  /** The name people know it by. */
  readonly name: string
  /** Size of the bundle's files. */
  readonly bytes: number
  readonly inputs: readonly TensorSignature[]
  readonly outputs: readonly TensorSignature[]
}

/** A node's description of a model in the client's words. */
export function toSignature(model: string, described: DescribeResponse): ModelSignature {
  return {
    model,
    name: described.name,
    bytes: described.bytes,
    inputs: described.inputs.map(toTensorSignature),
    outputs: described.outputs.map(toTensorSignature),
  }
}

function toTensorSignature({ name, type, dims, optional, unranked }: TensorSpec): TensorSignature {
  return {
    name,
    type,
    dims: unranked ? undefined : dims.map(({ size, symbol }) => size ?? symbol ?? null),
    optional,
  }
}
