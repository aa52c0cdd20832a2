/**
 * Read, identify and check ONNX models without running them or touching their weights.
 *
 * @packageDocumentation
 */
export { elementTypeOf, isTensorElementType, type OnnxElementType } from './element-types.js'
export { OnnxError, type OnnxErrorCode } from './errors.js'
export { DEFAULT_READ_LIMITS, type ReadLimits } from './limits.js'
export type * from './model/model.js'
export { type OpenModelInit, openModel } from './model/open-model.js'
export { type ModelSignature, modelSignature, type TensorSignature } from './signature.js'
export { type ByteSource, blobSource, bytesSource } from './source.js'
export { formatTensorType, type TensorDescription, validateInputs } from './validate-inputs.js'
