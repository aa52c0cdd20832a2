import type { OnnxElementType } from '../element-types.js'
import type { Size } from './size.js'

/** What is known of a value before a run. */
export interface Fact {
  /** Element type; of a sequence or an optional, that of its tensors. */
  readonly type: OnnxElementType | undefined
  /** Dimensions; `undefined` where even the rank is open. Of a sequence, those of each of its tensors. */
  readonly dims: readonly Size[] | undefined
  /** Elements in row-major order, of small tensors that shapes can depend on. Fractions may be among them. */
  readonly values?: readonly Size[]
  /** How many elements there are, where `dims` is open and this is known. */
  readonly elements?: Size
  /** How many tensors a sequence holds; absent for tensors. */
  readonly length?: Size
}

/** A value of which nothing is known. */
export const UNKNOWN: Fact = Object.freeze({ type: undefined, dims: undefined })

/** A tensor whose elements are known. */
export function constant(
  type: OnnxElementType | undefined,
  dims: readonly number[],
  values: readonly Size[],
): Fact {
  return { type, dims, values }
}
