import { bytesToHex } from '@noble/hashes/utils.js'
import type { OnnxModel, OnnxTensor } from '../model/model.js'
import { walkTensors } from '../model/walk.js'
import { writeModel } from './canonical-model.js'
import { CanonicalWriter } from './canonical-writer.js'
import { portableSha256, type Sha256 } from './sha256.js'
import { tensorBytes } from './tensor-bytes.js'

/** Opening of a canonical id; the version changes with the definition. */
export const MODEL_ID_PREFIX = 'onnx1-'

/** Options of {@link modelId}. */
export interface ModelIdInit {
  /** Starts a SHA-256. Default: one in JavaScript; `sha256` of `./node` is several times faster. */
  readonly sha256?: () => Sha256
  /** Told of every chunk of weights that was hashed. Default: nobody. */
  readonly onProgress?: (progress: { readonly doneBytes: number; readonly totalBytes: number }) => void
  /** Stops the hashing. Default: nothing does. */
  readonly signal?: AbortSignal
}

/**
 * The canonical id of a model: `onnx1-` and 64 hexadecimal digits, the same for two files that compute the
 * same with the same names, and different for all others.
 *
 * It covers inputs, outputs, operator sets, functions, nodes in their order, attributes and every weight's
 * element type, dimensions and bytes. It does not cover how the file says so: where weights are stored and in
 * which field, the order of protobuf fields, of initializers and of attributes, nodes' and graphs' names, doc
 * strings, the producer, metadata, hints about intermediate shapes, or the IR version.
 *
 * Weights are hashed once each, streamed in chunks of 1 MiB.
 */
export async function modelId(model: OnnxModel, init: ModelIdInit = {}): Promise<string> {
  const start = init.sha256 ?? portableSha256
  const digests = new Map<OnnxTensor, Uint8Array>()
  const tensors = [...walkTensors(model)]
  const totalBytes = tensors.reduce((total, { byteLength }) => total + byteLength, 0)
  let doneBytes = 0
  for (const tensor of tensors) {
    const hash = start()
    for await (const chunk of tensorBytes(model, tensor)) {
      init.signal?.throwIfAborted()
      hash.update(chunk)
      doneBytes += chunk.byteLength
      init.onProgress?.({ doneBytes, totalBytes })
    }
    digests.set(tensor, hash.digest())
  }
  const hash = start()
  writeModel(new CanonicalWriter(hash), model, tensor => digests.get(tensor)!)
  return MODEL_ID_PREFIX + bytesToHex(hash.digest())
}
