/**
 * Read, identify, check and meter ONNX models without running them or touching their weights.
 *
 * @packageDocumentation
 */

export { type BundleLayout, type FoundModel, findLayout, findModel } from './bundle/layout.js'
export {
  type BundleManifest,
  decodeManifest,
  encodeManifest,
  MANIFEST_FILE,
  type ManifestFile,
  type ManifestModel,
} from './bundle/manifest.js'
export { MANIFEST_FORMAT } from './bundle/manifest-schema.js'
export { checkModel, type ExternalFile, type ModelFacts } from './check/check-model.js'
export { DEFAULT_POLICY, type ModelPolicy } from './check/policy.js'
export { createMeter, type Meter, type MeterInit } from './cost/meter.js'
export { describeInput, type MeteredInput } from './cost/metered-input.js'
export type {
  InferredValue,
  OperatorWork,
  ShapeInference,
  WorkUnits,
} from './cost/work-units.js'
export { elementTypeOf, isTensorElementType, type OnnxElementType } from './element-types.js'
export { OnnxError, type OnnxErrorCode } from './errors.js'
export { MODEL_ID_PREFIX, type ModelIdInit, modelId } from './identity/model-id.js'
export type { Sha256 } from './identity/sha256.js'
export { tensorBytes } from './identity/tensor-bytes.js'
export { DEFAULT_READ_LIMITS, type ReadLimits } from './limits.js'
export type * from './model/model.js'
export { type OpenModelInit, openModel } from './model/open-model.js'
export { coveredOperators } from './operators/registry.js'
export type { Work } from './shapes/work.js'
export { type ModelSignature, modelSignature, type TensorSignature } from './signature.js'
export { type ByteSource, blobSource, bytesSource } from './source.js'
export { formatTensorType, type TensorDescription, validateInputs } from './validate-inputs.js'
