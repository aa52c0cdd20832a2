import type { ModelSignature } from '@neurovoyance/onnx'
import type { TensorMap } from '@neurovoyance/protocol'

/** Where a model is: a file (in a browser, a URL), or its bytes with the files of its external data. */
export type ModelSource =
  | { readonly path: string }
  | { readonly bytes: Uint8Array; readonly files?: Readonly<Record<string, Uint8Array>> }

/** A provider that was asked for and is not used, and why, in words for a person. */
export interface SkippedProvider {
  readonly provider: string
  readonly reason: string
}

/**
 * Something that runs ONNX models: the port behind which ONNX Runtime for Node and for browsers stand.
 *
 * `@neurovoyance/testing/compliance` has the suite that every backend passes.
 */
export interface Backend {
  /** `onnxruntime-node`, `onnxruntime-web`, … */
  readonly name: string
  /** The provider that models run on: `cpu`, `cuda`, `webgpu`, `wasm`, … */
  readonly provider: string
  /** Providers preferred to `provider` that do not work here. */
  readonly skipped: readonly SkippedProvider[]
  /**
   * Makes a model ready to run.
   *
   * @throws RuntimeError RUNTIME_LOAD_FAILED, RUNTIME_MODEL_NOT_FOUND, RUNTIME_UNSUPPORTED_TYPE
   */
  load(source: ModelSource): Promise<LoadedModel>
  /** Lets go of everything; models that are still loaded stop working. */
  close(): Promise<void>
}

/** A model in memory. */
export interface LoadedModel {
  readonly signature: ModelSignature
  /** The provider this model runs on: the backend's own, or one further down where that refused the model. */
  readonly provider: string
  /**
   * Runs the model once. `outputs` names those wanted; all when left out.
   *
   * @throws OnnxError ONNX_INPUT_…; RuntimeError RUNTIME_MODEL_FAILED, RUNTIME_OUTPUT_UNKNOWN,
   *   RUNTIME_OUT_OF_MEMORY
   */
  run(inputs: TensorMap, outputs?: readonly string[]): Promise<TensorMap>
  release(): Promise<void>
}
