import type { QueueLimits, QueueRefusal } from '../core/fair-queue.js'
import { RuntimeError } from '../errors.js'

const FULL: Readonly<Record<QueueRefusal, string>> = {
  maxJobs: 'The queue is full',
  maxBytes: 'The inputs that wait take all the memory there is for them',
  maxJobsPerClient: 'This client has as many jobs waiting as it may',
  maxJobsPerModel: 'This model has as many jobs waiting as it may',
}

/** The queue does not let a job in. */
export function queueFull(refusal: QueueRefusal, limits: QueueLimits): RuntimeError {
  return new RuntimeError('RUNTIME_QUEUE_FULL', `${FULL[refusal]}: try again later, or on another node`, {
    details: { limit: refusal, value: limits[refusal] },
  })
}

/** A job has no answer in time. */
export function deadlineExceeded(deadlineMs: number, phase: string): RuntimeError {
  return new RuntimeError(
    'RUNTIME_DEADLINE_EXCEEDED',
    `No answer within ${deadlineMs} ms: the job was ${phase}`,
    {
      details: { deadlineMs, phase },
    },
  )
}

/** The caller does not want the answer any more. */
export function cancelled(signal: AbortSignal): RuntimeError {
  return new RuntimeError('RUNTIME_CANCELLED', 'The run was cancelled', { cause: signal.reason })
}

/** The executor is closed. */
export function closedError(): RuntimeError {
  return new RuntimeError('RUNTIME_CLOSED', 'The executor is closed')
}
