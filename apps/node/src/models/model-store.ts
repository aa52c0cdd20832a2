import type { TensorSignature } from '@neurovoyance/onnx'
import type { Service } from '../service.js'
import type { ChosenFiles } from './bundle-files.js'
import type { ModelSource } from './sources.js'

/** A model that this node has, checked and ready to run. */
export interface InstalledModel {
  /** Bundle CID. */
  readonly model: string
  readonly name: string
  /** Size of the bundle. */
  readonly bytes: number
  /** Whether its owner added it; what the node fetched by itself may be dropped by itself. */
  readonly pinned: boolean
  /** Name of the graph that is meant where none is named. */
  readonly defaultGraph: string
  readonly graphs: readonly ModelGraph[]
}

/** A model that has just been added. */
export interface AddedModel extends InstalledModel {
  /** Which files its folder became, where it was made from one. */
  readonly published?: ChosenFiles
}

/** One ONNX file of a bundle. */
export interface ModelGraph {
  /** Its name in the bundle: `det`. */
  readonly name: string
  /** Its path in the bundle: `onnx/det.onnx`. */
  readonly file: string
  /** Id of the graph on this node: bundle CID and file. */
  readonly key: string
  /** The .onnx file, absolute. */
  readonly path: string
  readonly inputs: readonly TensorSignature[]
  readonly outputs: readonly TensorSignature[]
}

/** How far adding a model has come. */
export interface ModelProgress {
  readonly phase: 'downloading' | 'checking' | 'storing' | 'finding' | 'verifying' | 'fetching' | 'saving'
  readonly doneBytes: number
  readonly totalBytes: number
}

export interface AddOptions {
  signal?: AbortSignal
  onProgress?: (progress: ModelProgress) => void
  /** `false` for models that the node hosts of its own accord. */
  pinned?: boolean
}

/** The models of this node. */
export interface ModelStore extends Service {
  /** Checks a model, stores it and has it ready to run; what the network has is fetched by CID. */
  add(source: ModelSource, options?: AddOptions): Promise<AddedModel>
  list(): InstalledModel[]
  get(model: string): InstalledModel | undefined
  /**
   * A bundle and one of its graphs, by path or name; the bundle's default where `file` is empty.
   *
   * @throws NodeError `NODE_MODEL_UNKNOWN`
   */
  resolve(model: string, file: string): { bundle: InstalledModel; graph: ModelGraph }
  /** Forgets a model and frees its disk. @throws NodeError `NODE_MODEL_UNKNOWN` */
  remove(model: string): Promise<void>
  /** Calls `listener` when a model comes or goes; returns a function that stops that. */
  onChange(listener: (event: { type: 'added' | 'removed'; model: InstalledModel }) => void): () => void
}
