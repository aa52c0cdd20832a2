import { OnnxError } from '../errors.js'
import type { TensorSignature } from '../signature.js'
import { type MANIFEST_FORMAT, manifestSchema } from './manifest-schema.js'

/** Name of the manifest in a bundle's folder. */
export const MANIFEST_FILE = 'neurovoyance.json'

/** A file with weights of a model. */
export interface ManifestFile {
  /** Relative to the bundle, forward slashes. */
  readonly path: string
  readonly bytes: number
}

/** One model of a bundle. */
export interface ManifestModel {
  /** Unique in the bundle: `model_q4`, `detection`. */
  readonly name: string
  /** The `.onnx` file, relative to the bundle, forward slashes. */
  readonly path: string
  /** Canonical id. */
  readonly id: string
  readonly inputs: readonly TensorSignature[]
  readonly outputs: readonly TensorSignature[]
  readonly externalData: readonly ManifestFile[]
}

/** What a bundle holds: the content of `neurovoyance.json`. */
export interface BundleManifest {
  readonly format: typeof MANIFEST_FORMAT
  /** Name for people. */
  readonly name: string
  /** Name of the model that is meant where none is named. */
  readonly default: string
  /** At least one. */
  readonly models: readonly ManifestModel[]
}

const MAX_MANIFEST_BYTES = 4 * 2 ** 20

/**
 * Reads the bytes of a `neurovoyance.json`.
 *
 * @throws OnnxError `ONNX_MANIFEST_INVALID`; details carry `path`, the place in the JSON.
 */
export function decodeManifest(bytes: Uint8Array): BundleManifest {
  if (bytes.byteLength > MAX_MANIFEST_BYTES)
    throw invalid(`${bytes.byteLength} bytes are more than ${MAX_MANIFEST_BYTES}`)
  return checkManifest(parseJson(bytes))
}

/**
 * The bytes of a `neurovoyance.json`: the same for equal manifests, so that the bundle's CID is.
 *
 * @throws OnnxError `ONNX_MANIFEST_INVALID`
 */
export function encodeManifest(manifest: BundleManifest): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(checkManifest(manifest), null, 2)}\n`)
}

function checkManifest(value: unknown): BundleManifest {
  const parsed = manifestSchema().safeParse(value)
  if (parsed.success) return parsed.data as BundleManifest
  const [issue] = parsed.error.issues
  const place = issue?.path.join('.') ?? ''
  throw invalid(`${place || 'the manifest'}: ${issue?.message ?? 'invalid'}`, place)
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw invalid((cause as Error).message)
  }
}

function invalid(why: string, path?: string): OnnxError {
  return new OnnxError('ONNX_MANIFEST_INVALID', `${MANIFEST_FILE} is invalid: ${why}`, {
    details: path === undefined ? {} : { path },
  })
}
