import type { QueuedJob } from '../core/fair-queue.js'
import type { ModelRecord } from './model-records.js'
import type { Slot } from './slot.js'

/** A model by the id it is known by everywhere, and its `.onnx` file. */
export interface ModelFile {
  readonly id: string
  /** The file; its external data lies beside it. */
  readonly path: string
}

/** A model that an executor runs: a caller's file, or bytes of its own. */
export type JobModel = ModelFile | { readonly id: string; readonly bytes: Uint8Array }

/** Work for one slot: it waits, is sent to a slot's child, runs there, and is over. */
export interface Job extends QueuedJob {
  readonly record: ModelRecord
  /** Does the work; what it resolves to gives the caller the result, once the slot is free for the next. */
  readonly work: (slot: Slot) => Promise<() => void>
  /** Tells the caller why there is no answer; has no effect once there is one. */
  readonly reject: (error: Error) => void
  /** Whether the child has been asked to run it, which it does once it is through with what it was asked before. */
  sent: boolean
  /** When the model began to run: what the client is charged for begins here. */
  startedMs: number | undefined
  /** Whether the caller has its answer or has gone. */
  over: boolean
}
