import { NeurovoyanceError } from '@neurovoyance/protocol'

/** Codes of the errors that this package throws. */
export type OnnxErrorCode =
  /** The file is something else: empty, an archive, another format. */
  | 'ONNX_NOT_A_MODEL'
  /** The file is a Git LFS pointer: the model itself was never downloaded. */
  | 'ONNX_LFS_POINTER'
  /** The file is ONNX Runtime's own flatbuffer format. */
  | 'ONNX_ORT_FORMAT'
  /** The file ends in the middle of the model. */
  | 'ONNX_TRUNCATED'
  /** The bytes break the format's rules. */
  | 'ONNX_MALFORMED'
  /** A size, count or depth is above the policy's limit. */
  | 'ONNX_LIMIT_EXCEEDED'
  /** An element type, sequence, map or sparse tensor that the network cannot carry. */
  | 'ONNX_UNSUPPORTED_TYPE'
  /** An operator set or IR version outside the supported range. */
  | 'ONNX_UNSUPPORTED_VERSION'
  /** An operator that neither a known operator set nor the model itself defines. */
  | 'ONNX_CUSTOM_OPERATOR'
  /** An operator of a known set that reaches outside the model. */
  | 'ONNX_FORBIDDEN_OPERATOR'
  /** Something else that ONNX Runtime honours and a node must not: session config, training, prepacked weights. */
  | 'ONNX_FORBIDDEN_FEATURE'
  /** A path that leads out of the bundle. */
  | 'ONNX_PATH_ESCAPES'
  /** External data that is missing, or a range outside its file. */
  | 'ONNX_EXTERNAL_DATA'
  /** No such bundle, or a bundle without a model. */
  | 'ONNX_BUNDLE_NOT_FOUND'
  /** A `neurovoyance.json` that breaks its rules or does not match the files. */
  | 'ONNX_MANIFEST_INVALID'
  /** The bundle has no model of that name. */
  | 'ONNX_MODEL_UNKNOWN'
  /** A file could not be read. */
  | 'ONNX_READ_FAILED'
  | 'ONNX_INPUT_MISSING'
  | 'ONNX_INPUT_TYPE'
  | 'ONNX_INPUT_SHAPE'
  | 'ONNX_INPUT_UNKNOWN'
  /** An input whose value is stored in the model and cannot be replaced at run time. */
  | 'ONNX_INPUT_CONSTANT'

/** An error about a model file, a bundle, or the inputs given to a model. */
export class OnnxError extends NeurovoyanceError<OnnxErrorCode> {
  override name = 'OnnxError'
}

/** The same error, its message opening with the name of the file that it is about. */
export function nameFile(error: unknown, file: string): unknown {
  if (!(error instanceof OnnxError) || error.details.file !== undefined) return error
  return new OnnxError(error.code, `${file}: ${error.message}`, {
    details: { ...error.details, file },
    cause: error,
  })
}
