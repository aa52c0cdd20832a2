import { errorCode } from '@neurovoyance/protocol'
import { createFairQueue, dequeue, enqueue, peek, settle, withdraw } from '../core/fair-queue.js'
import type { RuntimeError } from '../errors.js'
import { type Assignments, createAssignments } from './assignments.js'
import { startChild } from './child-process.js'
import { createJob, type WorkOrder } from './create-job.js'
import type { ExecutorOptions } from './executor-init.js'
import type { Job } from './job.js'
import { cancelled, closedError, deadlineExceeded, queueFull } from './job-errors.js'
import { createSlot, Interrupted, type Slot } from './slot.js'

/** Gives jobs to slots in fair order, and takes slots back from jobs that are over. */
export interface SlotPool {
  readonly slots: readonly Slot[]
  /** Jobs that wait. */
  depth(): number
  /** Resolves when the first child is ready; rejects where none can be started. */
  readonly started: Promise<void>
  isBusy(slot: Slot): boolean
  /** Queues work and gives its result. */
  submit<Result>(order: WorkOrder<Result>): Promise<Result>
  /** Ends every child and rejects what waits or runs. */
  close(): Promise<void>
}

const MAX_FAILED_STARTS = 3
const MAX_PATIENCE_MS = 1_000

/** Starts the slots' children and waits for jobs. */
export function createSlotPool(options: ExecutorOptions): SlotPool {
  const { clock, graceMs } = options
  const queue = createFairQueue<Job>({
    maxJobs: options.maxQueued,
    maxBytes: options.maxQueuedBytes,
    maxJobsPerClient: options.maxQueuedPerClient,
    maxJobsPerModel: options.maxQueuedPerModel,
  })
  const assignments = createAssignments()
  /** Jobs whose child died before it came to them: they go first. */
  const interrupted: Job[] = []
  let closed = false

  function pump(): void {
    for (let next = interrupted[0] ?? peek(queue); next !== undefined; next = interrupted[0] ?? peek(queue)) {
      const slot = assignments.slotFor(next.model)
      if (slot === undefined) return
      const job = interrupted.shift() ?? dequeue(queue)!
      assignments.put(slot, job)
      void execute(slot, job)
    }
  }

  async function execute(slot: Slot, job: Job): Promise<void> {
    let deliver = () => {}
    try {
      if (!job.over) deliver = await job.work(slot)
    } catch (error) {
      if (error instanceof Interrupted && !closed && !job.over) {
        interrupted.push(job)
        release(slot, job)
        return
      }
      deliver = () => job.reject(error instanceof Interrupted ? closedError() : (error as Error))
      // What a failed run has allocated goes with its child; one that died of it has gone already.
      if (errorCode(error) === 'RUNTIME_OUT_OF_MEMORY' && slot.ready) slot.replace()
    }
    settleJob(job, job.startedMs === undefined ? 0 : (clock.monotonicMs() - job.startedMs) * 1000)
    release(slot, job)
    deliver()
  }

  function release(slot: Slot, job: Job): void {
    const next = assignments.takeOff(slot, job)
    job.sent = false
    job.startedMs = undefined
    if (next?.sent) begin(slot, next)
    pump()
  }

  /** The child comes to a job that it was sent: from here on the job is charged, and killed when it is late. */
  function begin(slot: Slot, job: Job): void {
    job.startedMs ??= clock.monotonicMs()
    if (job.over) killLater(slot, job, undefined)
  }

  function killLater(slot: Slot, job: Job, error: RuntimeError | undefined): void {
    clock.after(patienceMs(job), () => {
      if (assignments.isCurrent(slot, job)) slot.replace(error)
    })
  }

  /** A killed child costs a start and its sessions: a run that its model's speed says is nearly done may end. */
  function patienceMs({ record, startedMs }: Job): number {
    const elapsedMs = clock.monotonicMs() - (startedMs ?? clock.monotonicMs())
    const expectedMs = (2 * record.latency.p50Us) / 1000 - elapsedMs
    return Math.max(graceMs, Math.min(expectedMs, MAX_PATIENCE_MS))
  }

  function abandon(job: Job, error: RuntimeError): void {
    if (job.over) return
    job.reject(error)
    if (withdraw(queue, job)) {
      job.record.inFlight--
      return
    }
    const slot = job.startedMs === undefined ? undefined : assignments.slotDoing(job)
    if (slot !== undefined) killLater(slot, job, error)
  }

  function settleJob(job: Job, usedUs: number): void {
    settle(queue, job, usedUs)
    job.record.inFlight--
  }

  function rejectWaiting(error: RuntimeError): void {
    const jobs = interrupted.splice(0)
    for (let job = dequeue(queue); job !== undefined; job = dequeue(queue)) jobs.push(job)
    for (const job of jobs) {
      job.reject(error)
      settleJob(job, 0)
    }
  }

  function submit<Result>(order: WorkOrder<Result>): Promise<Result> {
    const { record, deadlineMs, signal } = order
    if (closed) return Promise.reject(closedError())
    if (signal?.aborted) return Promise.reject(cancelled(signal))
    if (deadlineMs !== undefined && !(deadlineMs > 0))
      return Promise.reject(deadlineExceeded(deadlineMs, 'late'))
    return new Promise((resolve, reject) => {
      const onSend = (slot: Slot, job: Job) => assignments.isCurrent(slot, job) && begin(slot, job)
      const { job, watch } = createJob(order, { resolve, reject, onSend, onAbandon: abandon })
      const refusal = enqueue(queue, job)
      if (refusal !== undefined) {
        reject(queueFull(refusal, queue.limits))
        return
      }
      record.inFlight++
      // first the child gets it, then what watches over it is set up
      pump()
      if (!job.over) watch(clock)
    })
  }

  const started = startSlots(options, assignments, { onReady: pump, onHopeless: rejectWaiting })
  return {
    slots: assignments.slots,
    depth: () => queue.jobs + interrupted.length + assignments.ahead(),
    started,
    isBusy: assignments.isBusy,
    submit,
    async close() {
      closed = true
      rejectWaiting(closedError())
      await Promise.all(assignments.slots.map(slot => slot.close()))
    },
  }
}

/** Starts every slot; resolves with the first child that is ready, rejects where none comes up. */
function startSlots(
  options: ExecutorOptions,
  assignments: Assignments,
  { onReady, onHopeless }: { onReady: () => void; onHopeless: (error: RuntimeError) => void },
): Promise<void> {
  const { providers, threads, memoryLimitBytes, cacheLimitBytes, logger, clock } = options
  return new Promise((resolve, reject) => {
    for (let index = 0; index < options.slots; index++) {
      const slot = createSlot({
        config: { providers, threads, memoryLimitBytes, parentPid: process.pid },
        cacheLimitBytes,
        clock,
        logger,
        startChild,
        onReady() {
          resolve()
          onReady()
        },
        onStartFailed(error, attempts) {
          if (attempts < MAX_FAILED_STARTS || assignments.slots.some(each => each.ready)) return
          reject(error)
          onHopeless(error)
        },
      })
      assignments.add(slot)
    }
  })
}
