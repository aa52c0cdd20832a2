import { NeurovoyanceError } from '@neurovoyance/protocol'

/** Codes of the errors that this package throws. */
export type SchedulerErrorCode =
  | 'SCHEDULER_NO_NODE'
  | 'SCHEDULER_DEADLINE_EXCEEDED'
  | 'SCHEDULER_ALL_ATTEMPTS_FAILED'
  | 'SCHEDULER_CANCELLED'
  | 'SCHEDULER_TOO_MANY_REQUESTS'
  | 'SCHEDULER_CLOSED'
  | 'SCHEDULER_BAD_ARGUMENT'

/** An error of placement or routing: nobody hosts the model, time ran out, or every node that was asked failed. */
export class SchedulerError extends NeurovoyanceError<SchedulerErrorCode> {
  override name = 'SchedulerError'
}
