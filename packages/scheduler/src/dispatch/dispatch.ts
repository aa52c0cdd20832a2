import type { Fare } from '../core/choice/choose.js'
import type { AttemptStatus, Purpose } from '../core/request/request.js'

/** How an attempt is to be sent. */
export interface SendOptions {
  /** Aborts when the attempt is given up, has lost against its hedge, or the request is cancelled. */
  signal: AbortSignal
  /** Time the attempt has; pass it on as the call's deadline. */
  timeoutMs: number
  /** Number of the attempt, from 0. */
  attempt: number
}

/** What is to be done, as far as the choice of a node needs to know. */
export interface Work {
  /** CID of the model. */
  model: string
  /**
   * What is done with the model, where that takes different times: one of several graphs, a question about it. Speed is
   * learned for each apart. The model itself when left out.
   */
  work?: string
  /** Bytes to move, both ways together; 0 when left out. */
  payloadBytes?: number
  /** What the work costs at each node, and which are not to be asked. Left out, free nodes alone are asked. */
  fare?: Fare
}

/** One piece of work for the network. */
export interface DispatchRequest<Result> extends Work {
  /** Name of the model for the call that goes out when nobody hosts it. */
  name?: string
  /** Size of the model for the same call. */
  modelBytes?: number
  /** Time for everything, retries included; the dispatcher's default when left out. */
  deadlineMs?: number
  signal?: AbortSignal
  /** Sends the work to a node. Called once per attempt, sometimes twice at a time (a hedge). */
  send(peerId: string, options: SendOptions): Promise<Result>
}

/** What became of one attempt. */
export interface AttemptReport {
  peerId: string
  purpose: Purpose
  status: AttemptStatus
  /** From sending to the end of the attempt. */
  elapsedMs: number
  predictedMs: number
  /** Code and message of the node's error, where it gave one. */
  code?: string
  message?: string
}

/** An answer and how it came about. */
export interface Dispatched<Result> {
  result: Result
  /** The node that answered. */
  peerId: string
  /** From `dispatch` to the answer. */
  latencyMs: number
  attempts: AttemptReport[]
}
