import type { Outcome } from '../core/request/request.js'
import { SchedulerError } from '../errors.js'
import type { AttemptReport } from './dispatch.js'

/** Facts about a request that failed. */
export interface FailureFacts {
  model: string
  deadlineMs: number
  attempts: AttemptReport[]
  /** The last error that a node gave. */
  cause: unknown
}

const describe = (attempts: AttemptReport[]): string =>
  attempts.map(({ peerId, status, code }) => `${peerId.slice(-8)} ${code ?? status}`).join(', ')

/** The one error of a request that had no answer. */
export function requestError(outcome: Outcome['type'], facts: FailureFacts): SchedulerError {
  const { model, deadlineMs, attempts, cause } = facts
  const limit = `${Math.round(deadlineMs)} ms`
  const init = { details: { model, deadlineMs, attempts }, ...(cause === undefined ? {} : { cause }) }
  switch (outcome) {
    case 'no-node':
      return new SchedulerError(
        'SCHEDULER_NO_NODE',
        `No node hosted ${model} within ${limit}. Add the model to a node (nv models add), or allow more time for one to fetch it.`,
        init,
      )
    case 'deadline':
      return new SchedulerError(
        'SCHEDULER_DEADLINE_EXCEEDED',
        `No answer within ${limit} (${describe(attempts)}). Allow more time, or check the nodes with nv peers.`,
        init,
      )
    case 'cancelled':
      return new SchedulerError('SCHEDULER_CANCELLED', 'The request was cancelled by its caller.', init)
    default:
      return new SchedulerError(
        'SCHEDULER_ALL_ATTEMPTS_FAILED',
        `Every node that was asked failed (${describe(attempts)}). See details.attempts.`,
        init,
      )
  }
}
