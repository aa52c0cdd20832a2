import type { TensorMap } from '@neurovoyance/protocol'
import type { AddedModel, ModelProgress } from '../models/model-store.js'
import type { ModelSource } from '../models/sources.js'
import type { NodeStatus, PeerStatus } from '../status.js'

/** One input or output of a model. */
export interface TensorDescription {
  readonly name: string
  readonly type: string
  /** Sizes, symbols, and `null` where any size goes; absent where the rank is open too. */
  readonly dims?: readonly (number | string | null)[] | undefined
  /** Whether a run may leave it out. */
  readonly optional?: boolean
}

/** What a model takes and gives. */
export interface ModelDescription {
  readonly inputs: readonly TensorDescription[]
  readonly outputs: readonly TensorDescription[]
}

/** What the gateway needs to run models: the network, or this machine alone. */
export interface Inference {
  /** Inputs and outputs of a model that somebody hosts. */
  describe(model: string, options: { signal?: AbortSignal }): Promise<ModelDescription>
  infer(request: InferenceRequest): Promise<InferenceResult>
}

export interface InferenceRequest {
  readonly model: string
  readonly inputs: TensorMap
  readonly outputs?: readonly string[] | undefined
  readonly deadlineMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** The caller's W3C `traceparent`. */
  readonly trace?: string | undefined
}

export interface InferenceResult {
  readonly outputs: TensorMap
  /** Peer that ran the model. */
  readonly node: string
  readonly latencyMs: number
  readonly attempts: number
}

/** What the gateway needs to show and steer the node it serves. */
export interface Control {
  status(): NodeStatus
  peers(): PeerStatus[]
  models(): Promise<ModelListing[]>
  addModel(
    source: ModelSource,
    options: { signal: AbortSignal; onProgress(progress: ModelProgress): void },
  ): Promise<AddedModel>
  removeModel(model: string): Promise<void>
}

/** A model that this node or another one hosts. */
export interface ModelListing {
  /** Bundle CID. */
  readonly model: string
  readonly name: string
  readonly bytes: number
  /** Whether this node has it. */
  readonly local: boolean
  /** Peers that host it. */
  readonly hosts: readonly string[]
}
