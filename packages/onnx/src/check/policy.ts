import { DEFAULT_READ_LIMITS, type ReadLimits } from '../limits.js'

/** What a node accepts in a model. Every field has a default; give only what differs. */
export interface ModelPolicy extends ReadLimits {
  /** Operators of the model, functions expanded. Default: 200,000. */
  readonly maxNodes: number
  /** Bytes of all weights together. Default: 256 GiB. */
  readonly maxWeightBytes: number
  /** Bytes of one tensor whose shape the file states: weights, inputs, outputs, intermediates. Default: 16 GiB. */
  readonly maxTensorBytes: number
  /** Accepted versions of each operator set, `''` being ai.onnx. Default: those of ONNX Runtime 1.30. */
  readonly operatorSets: Readonly<Record<string, { readonly min: number; readonly max: number }>>
  /** Accepted IR versions. Default: 3 to 13. */
  readonly irVersions: { readonly min: number; readonly max: number }
  /** Files of a bundle, folders included. Default: 4,096. */
  readonly maxFiles: number
  /** Levels of folders in a bundle. Default: 8. */
  readonly maxFolderDepth: number
  /** Models of a bundle. Default: 64. */
  readonly maxModels: number
}

/** The policy that holds where none is given. */
export const DEFAULT_POLICY: ModelPolicy = Object.freeze({
  ...DEFAULT_READ_LIMITS,
  maxNodes: 200_000,
  maxWeightBytes: 256 * 2 ** 30,
  maxTensorBytes: 16 * 2 ** 30,
  operatorSets: Object.freeze({
    '': { min: 1, max: 26 },
    'ai.onnx.ml': { min: 1, max: 5 },
    'com.microsoft': { min: 1, max: 1 },
  }),
  irVersions: Object.freeze({ min: 3, max: 13 }),
  maxFiles: 4096,
  maxFolderDepth: 8,
  maxModels: 64,
})
