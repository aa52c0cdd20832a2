import type { OnnxElementType } from '../element-types.js'
import type { Dimension } from '../model/model.js'
import type { Work } from '../shapes/work.js'

/** What all calls of one operator take. */
export interface OperatorWork extends Work {
  /** `''` is ai.onnx. */
  readonly domain: string
  readonly operator: string
  readonly units: bigint
}

/** A value of a model, as far as it is known before a run. */
export interface InferredValue {
  readonly name: string
  readonly type: OnnxElementType | undefined
  /** Sizes, symbols and sums of symbols, `null` where only a run tells; `null` as a whole where even the rank is open. */
  readonly dims: readonly Dimension[] | null
  /** The most that each dimension can be; `null` where nothing bounds it. */
  readonly maxDims: readonly (number | null)[] | null
}

/** What is known of a model's values. */
export interface ShapeInference {
  readonly outputs: readonly InferredValue[]
  /** Every value of the model's own graph, by name. */
  readonly values: ReadonlyMap<string, InferredValue>
  /** Upper rules that were used in place of what only a run tells. */
  readonly assumptions: readonly string[]
  /** Shapes that contradict each other: such a model, or such inputs, most likely fail when they run. */
  readonly conflicts: readonly string[]
  /** Operators without a rule. */
  readonly unknownOperators: readonly string[]
}

/** The work of one request. */
export interface WorkUnits extends Work {
  /** What is paid for: `macs + operations + 2 · bytes + 16,384 · calls`. */
  readonly units: bigint
  /** The most bytes of inputs and intermediate values that are needed at once. */
  readonly peakBytes: bigint
  /** Whether everything follows from the inputs' shapes; else `assumptions` and `unknownOperators` say what does not. */
  readonly isExact: boolean
  readonly assumptions: readonly string[]
  readonly conflicts: readonly string[]
  readonly unknownOperators: readonly string[]
  /** By operator, the dearest first. */
  readonly byOperator: readonly OperatorWork[]
  readonly outputs: readonly InferredValue[]
}
