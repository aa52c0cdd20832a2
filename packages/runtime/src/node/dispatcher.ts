import { errorCode } from '@neurovoyance/protocol'
import { createFairQueue, dequeue, enqueue, type FairQueue, settle, withdraw } from '../core/fair-queue.js'
import type { RuntimeError } from '../errors.js'
import { outOfMemory, startChild } from './child-process.js'
import type { ExecutorOptions } from './executor-init.js'
import type { Job } from './job.js'
import { cancelled, closedError, deadlineExceeded, queueFull } from './job-errors.js'
import type { ModelRecord } from './model-records.js'
import { createSlot, type Slot } from './slot.js'

/** Gives jobs to slots in fair order, and takes slots back from jobs that are over. */
export interface Dispatcher {
  readonly slots: readonly Slot[]
  readonly queue: FairQueue<Job>
  /** Resolves when the first child is ready; rejects where none can be started. */
  readonly started: Promise<void>
  /** Queues work; the job's fate is told by what `init.work` does and by the promise. */
  submit<Result>(init: SubmitInit<Result>): Promise<Result>
  /** Ends every child and rejects what waits or runs. */
  close(): Promise<void>
}

/** A job to be. */
export interface SubmitInit<Result> {
  readonly record: ModelRecord
  readonly client: string
  /** Bytes held while it waits. */
  readonly bytes: number
  readonly deadlineMs: number | undefined
  readonly signal: AbortSignal | undefined
  /** Does the work; `begin` marks when the model itself starts, and is `false` where nobody waits for it any more. */
  readonly work: (slot: Slot, begin: () => boolean) => Promise<Result>
}

const UNKNOWN_COST_US = 10_000
const MAX_FAILED_STARTS = 3

/** Starts the slots' children and waits for jobs. */
export function createDispatcher(options: ExecutorOptions): Dispatcher {
  const { clock, graceMs } = options
  const queue = createFairQueue<Job>({
    maxJobs: options.maxQueued,
    maxBytes: options.maxQueuedBytes,
    maxJobsPerClient: options.maxQueuedPerClient,
    maxJobsPerModel: options.maxQueuedPerModel,
  })
  const slots: Slot[] = []
  const running = new Map<Job, Slot>()
  let closed = false

  function pump(): void {
    for (;;) {
      const free = slots.filter(slot => slot.ready && !slot.taken)
      if (free.length === 0) return
      const job = dequeue(queue)
      if (job === undefined) return
      const slot = free.find(each => each.cache.bytesById.has(job.model)) ?? emptiest(free)
      slot.taken = true
      void execute(slot, job)
    }
  }

  async function execute(slot: Slot, job: Job): Promise<void> {
    const { pid } = slot
    try {
      await job.work(slot, job)
    } catch (error) {
      job.reject(error as Error)
      // What the failed run has allocated goes with the child.
      if (errorCode(error) === 'RUNTIME_OUT_OF_MEMORY' && slot.ready && slot.pid === pid) {
        slot.replace(outOfMemory(options.memoryLimitBytes))
      }
    }
    running.delete(job)
    slot.taken = false
    const usedUs = job.startedMs === undefined ? 0 : (clock.monotonicMs() - job.startedMs) * 1000
    settle(queue, job, usedUs)
    job.record.inFlight--
    pump()
  }

  function abandon(job: Job, error: RuntimeError): void {
    if (job.over) return
    job.reject(error)
    if (withdraw(queue, job)) {
      job.record.inFlight--
      return
    }
    const slot = running.get(job)
    if (slot === undefined) return
    clock.after(graceMs, () => {
      if (running.has(job)) slot.replace(error)
    })
  }

  function phaseOf(job: Job): string {
    if (running.has(job)) return 'running'
    return job.startedMs === undefined ? 'waiting' : 'over'
  }

  function rejectQueued(error: RuntimeError): void {
    for (let job = dequeue(queue); job !== undefined; job = dequeue(queue)) {
      job.reject(error)
      settle(queue, job, 0)
      job.record.inFlight--
    }
  }

  const startSlots = (ready: () => void, failed: (error: RuntimeError) => void) => {
    for (let index = 0; index < options.slots; index++) {
      slots.push(
        createSlot({
          config: {
            providers: options.providers,
            threads: options.threads,
            memoryLimitBytes: options.memoryLimitBytes,
            parentPid: process.pid,
          },
          cacheLimitBytes: options.cacheLimitBytes,
          clock,
          logger: options.logger,
          startChild,
          onReady() {
            ready()
            pump()
          },
          onStartFailed(error, attempts) {
            if (attempts < MAX_FAILED_STARTS || slots.some(slot => slot.ready)) return
            failed(error)
            rejectQueued(error)
          },
        }),
      )
    }
  }
  const started = new Promise<void>(startSlots)

  function submit<Result>(init: SubmitInit<Result>): Promise<Result> {
    const { record, client, bytes, deadlineMs, signal } = init
    if (closed) return Promise.reject(closedError())
    if (signal?.aborted) return Promise.reject(cancelled(signal))
    if (deadlineMs !== undefined && deadlineMs <= 0)
      return Promise.reject(deadlineExceeded(deadlineMs, 'late'))
    const cost = record.latency.p50Us || UNKNOWN_COST_US
    return new Promise((resolve, reject) => {
      const onAbort = () => abandon(job, cancelled(signal!))
      let cancelTimer = () => {}
      const finish = () => {
        job.over = true
        cancelTimer()
        signal?.removeEventListener('abort', onAbort)
      }
      const job: Job = {
        client,
        model: record.id,
        bytes,
        cost,
        record,
        startedMs: undefined,
        over: false,
        async work(slot) {
          const result = await init.work(slot, () => {
            if (job.over) return false
            job.startedMs = clock.monotonicMs()
            running.set(job, slot)
            return true
          })
          finish()
          resolve(result)
        },
        reject(error) {
          finish()
          reject(error)
        },
      }
      const refusal = enqueue(queue, job)
      if (refusal !== undefined) {
        reject(queueFull(refusal, queue.limits))
        return
      }
      record.inFlight++
      if (deadlineMs !== undefined) {
        cancelTimer = clock.after(deadlineMs, () => abandon(job, deadlineExceeded(deadlineMs, phaseOf(job))))
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      pump()
    })
  }

  return {
    slots,
    queue,
    started,
    submit,
    async close() {
      if (!closed) rejectQueued(closedError())
      closed = true
      await Promise.all(slots.map(slot => slot.close()))
    },
  }
}

function emptiest(slots: readonly Slot[]): Slot {
  return slots.reduce((best, slot) => (slot.cache.usedBytes < best.cache.usedBytes ? slot : best))
}
