import { type Clock, LIMITS } from '@neurovoyance/protocol'
import type { RuntimeError } from '../errors.js'
import type { Job } from './job.js'
import { cancelled, deadlineExceeded } from './job-errors.js'
import type { ModelRecord } from './model-records.js'
import type { Slot } from './slot.js'

/** Work that somebody asks for. */
export interface WorkOrder<Result> {
  readonly record: ModelRecord
  readonly client: string
  /** Bytes held while it waits. */
  readonly bytes: number
  readonly deadlineMs: number | undefined
  readonly signal: AbortSignal | undefined
  /** Does the work. It calls `send` just before it asks for the run: `false` where nobody waits for it any more. */
  readonly work: (slot: Slot, job: Job, send: () => boolean) => Promise<Result>
}

/** What a job tells of itself. */
export interface JobEvents<Result> {
  resolve(result: Result): void
  reject(error: Error): void
  /** A slot's child is about to be asked for its run. */
  onSend(slot: Slot, job: Job): void
  /** It is late or cancelled. */
  onAbandon(job: Job, error: RuntimeError): void
}

const UNKNOWN_COST_US = 10_000

/** A job of an order, and what starts to watch its deadline and its signal once it is in the queue. */
export function createJob<Result>(
  { record, client, bytes, deadlineMs, signal, work }: WorkOrder<Result>,
  { resolve, reject, onSend, onAbandon }: JobEvents<Result>,
): { job: Job; watch: (clock: Clock) => void } {
  let cancelTimer = () => {}
  const onAbort = () => onAbandon(job, cancelled(signal!))
  const finish = () => {
    job.over = true
    cancelTimer()
    signal?.removeEventListener('abort', onAbort)
  }
  const job: Job = {
    client,
    model: record.id,
    bytes,
    cost: record.latency.p50Us || UNKNOWN_COST_US,
    record,
    sent: false,
    startedMs: undefined,
    over: false,
    async work(slot) {
      const result = await work(slot, job, () => {
        if (job.over) return false
        job.sent = true
        onSend(slot, job)
        return true
      })
      return () => {
        finish()
        resolve(result)
      }
    },
    reject(error) {
      finish()
      reject(error)
    },
  }
  return {
    job,
    watch(clock) {
      if (deadlineMs !== undefined) {
        cancelTimer = clock.after(Math.min(deadlineMs, LIMITS.deadlineMs), () =>
          onAbandon(job, deadlineExceeded(deadlineMs, phaseOf(job))),
        )
      }
      signal?.addEventListener('abort', onAbort, { once: true })
    },
  }
}

function phaseOf({ startedMs }: Job): string {
  return startedMs === undefined ? 'waiting' : 'running'
}
