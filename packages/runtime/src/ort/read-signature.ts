import { type ByteSource, type ModelSignature, modelSignature, openModel } from '@neurovoyance/onnx'
import { errorCode } from '@neurovoyance/protocol'
import { RuntimeError } from '../errors.js'

/**
 * The signature of a model as its file states it: ONNX Runtime's own metadata does not tell a scalar from a
 * tensor of any rank.
 *
 * @throws OnnxError where the file is no sound model; RuntimeError RUNTIME_UNSUPPORTED_TYPE for what does not
 *   pass ONNX Runtime's JavaScript API
 */
export async function readSignature(source: ByteSource): Promise<ModelSignature> {
  try {
    return modelSignature(await openModel(source))
  } catch (error) {
    if (errorCode(error) !== 'ONNX_UNSUPPORTED_TYPE') throw error
    const { message, details } = error as RuntimeError
    throw new RuntimeError('RUNTIME_UNSUPPORTED_TYPE', message, { details, cause: error })
  }
}
