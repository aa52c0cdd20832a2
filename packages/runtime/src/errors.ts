import { NeurovoyanceError } from '@neurovoyance/protocol'

/** Codes of the errors that this package throws. */
export type RuntimeErrorCode =
  /** An option has a value that it cannot have. */
  | 'RUNTIME_BAD_OPTION'
  /** No provider works on this machine, or ONNX Runtime itself cannot be loaded. */
  | 'RUNTIME_BACKEND_UNAVAILABLE'
  /** The model's path is not a file that can be read. */
  | 'RUNTIME_MODEL_NOT_FOUND'
  /** ONNX Runtime refuses the model. */
  | 'RUNTIME_LOAD_FAILED'
  /** The model was loaded, and failed on these inputs. */
  | 'RUNTIME_MODEL_FAILED'
  /** A sequence, a map, or an element type that the binding does not know. */
  | 'RUNTIME_UNSUPPORTED_TYPE'
  /** An output that the model does not have. */
  | 'RUNTIME_OUTPUT_UNKNOWN'
  /** Inputs or outputs over the limit. */
  | 'RUNTIME_TOO_LARGE'
  /** The queue, or the share of this client or model in it, is full. */
  | 'RUNTIME_QUEUE_FULL'
  | 'RUNTIME_DEADLINE_EXCEEDED'
  | 'RUNTIME_CANCELLED'
  /** The model took more memory than a child may have. */
  | 'RUNTIME_OUT_OF_MEMORY'
  /** The child process that ran the model died. */
  | 'RUNTIME_CHILD_CRASHED'
  /** A message between parent and child is malformed. */
  | 'RUNTIME_BAD_MESSAGE'
  /** The executor is closed. */
  | 'RUNTIME_CLOSED'

/** An error of running models. */
export class RuntimeError extends NeurovoyanceError<RuntimeErrorCode> {
  override name = 'RuntimeError'
}
