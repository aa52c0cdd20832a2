import { OnnxError } from '../errors.js'
import type { ByteSource } from '../source.js'

const LFS_HEAD = 'version https://git-lfs.github.com/spec/'

/** Openings of files that are taken for models. */
const OTHER_FORMATS: readonly { readonly at: number; readonly magic: string; readonly name: string }[] = [
  { at: 0, magic: 'PK\x03\x04', name: 'a zip archive (PyTorch or NumPy save such)' },
  { at: 0, magic: '\x1f\x8b', name: 'a gzip archive' },
  { at: 0, magic: 'GGUF', name: 'a GGUF model' },
  { at: 0, magic: '\x89HDF', name: 'an HDF5 file (Keras)' },
  { at: 0, magic: '\x80\x02', name: 'a Python pickle (PyTorch)' },
  { at: 0, magic: '<', name: 'a web page or XML: the download went wrong' },
  { at: 0, magic: '{', name: 'JSON' },
  { at: 8, magic: '{"', name: 'a safetensors file' },
  { at: 4, magic: 'TFL3', name: 'a TensorFlow Lite model' },
]

/** First bytes of the fields that a `ModelProto` can begin with; almost all begin with their IR version, 8. */
const FIRST_BYTES = new Set([0x08, 0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72, 0xa2, 0xca, 0xd2])

/** Throws where the first bytes say that the file is something else than a `ModelProto`. */
export async function assertLooksLikeModel(source: ByteSource): Promise<void> {
  if (source.size === 0) {
    throw new OnnxError('ONNX_NOT_A_MODEL', 'the file is empty: download or export the model again')
  }
  const head = String.fromCharCode(...(await source.read(0, Math.min(source.size, 64))))
  if (head.startsWith(LFS_HEAD)) {
    throw new OnnxError(
      'ONNX_LFS_POINTER',
      "a Git LFS pointer, not the model itself: run 'git lfs pull' in its repository, or download the file",
    )
  }
  if (head.startsWith('ORTM', 4)) {
    throw new OnnxError(
      'ONNX_ORT_FORMAT',
      "ONNX Runtime's own format, which nodes do not load: give the .onnx file that it was made from",
    )
  }
  const other = OTHER_FORMATS.find(({ at, magic }) => head.startsWith(magic, at))
  if (other !== undefined) {
    throw new OnnxError('ONNX_NOT_A_MODEL', `not an ONNX model but ${other.name}`, {
      details: { format: other.name },
    })
  }
  if (!FIRST_BYTES.has(head.charCodeAt(0))) {
    throw new OnnxError('ONNX_NOT_A_MODEL', 'not an ONNX model: give a .onnx file as exporters write it')
  }
}
