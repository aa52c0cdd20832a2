import { nameFile, OnnxError } from '../errors.js'
import { DEFAULT_READ_LIMITS, type ReadLimits } from '../limits.js'
import type { ByteSource } from '../source.js'
import { decodeModel } from './decode-model.js'
import type { OnnxModel } from './model.js'
import { outline } from './outline.js'
import { inSlices } from './slices.js'
import { assertLooksLikeModel } from './sniff.js'

/** Options of {@link openModel}. */
export interface OpenModelInit {
  /** Opens external data by the path that the model writes. Default: external data cannot be read. */
  readonly externalData?: (path: string) => Promise<ByteSource>
  /** Limits that hold while reading. Default: {@link DEFAULT_READ_LIMITS}. */
  readonly limits?: Partial<ReadLimits>
  /** Name of the file, for messages. Default: none. */
  readonly name?: string
}

/**
 * Opens a model: reads its graph and leaves its weights where they are.
 *
 * @throws OnnxError `ONNX_NOT_A_MODEL`, `ONNX_LFS_POINTER`, `ONNX_ORT_FORMAT`, `ONNX_TRUNCATED`,
 * `ONNX_MALFORMED` or `ONNX_LIMIT_EXCEEDED`; whatever the bytes are, nothing else comes out of them.
 */
export async function openModel(source: ByteSource, init: OpenModelInit = {}): Promise<OnnxModel> {
  const limits = { ...DEFAULT_READ_LIMITS, ...init.limits }
  try {
    await assertLooksLikeModel(source)
    const content = await inSlices(decodeModel(await outline(source, limits), source.size, limits))
    return { ...content, source, externalData: init.externalData ?? noExternalData }
  } catch (error) {
    throw init.name === undefined ? error : nameFile(error, init.name)
  }
}

async function noExternalData(path: string): Promise<never> {
  throw new OnnxError(
    'ONNX_EXTERNAL_DATA',
    `external data '${path}' cannot be read: no externalData was given`,
    {
      details: { path },
    },
  )
}
