import { errorCode, LIMITS } from '@neurovoyance/protocol'
import { createFairQueue, dequeue, enqueue, peek, settle, withdraw } from '../core/fair-queue.js'
import type { RuntimeError } from '../errors.js'
import { startChild } from './child-process.js'
import type { ExecutorOptions } from './executor-init.js'
import type { Job } from './job.js'
import { cancelled, closedError, deadlineExceeded, queueFull } from './job-errors.js'
import type { ModelRecord } from './model-records.js'
import { createSlot, Interrupted, type Slot } from './slot.js'

/** Gives jobs to slots in fair order, and takes slots back from jobs that are over. */
export interface Dispatcher {
  readonly slots: readonly Slot[]
  /** Jobs that wait. */
  depth(): number
  /** Resolves when the first child is ready; rejects where none can be started. */
  readonly started: Promise<void>
  isBusy(slot: Slot): boolean
  /** Queues work and gives its result. */
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
  /** Does the work. It calls `send` just before it asks for the run: `false` where nobody waits for it any more. */
  readonly work: (slot: Slot, job: Job, send: () => boolean) => Promise<Result>
}

const UNKNOWN_COST_US = 10_000
const MAX_FAILED_STARTS = 3
const MAX_PATIENCE_MS = 1_000

/** Starts the slots' children and waits for jobs. */
export function createDispatcher(options: ExecutorOptions): Dispatcher {
  const { clock, graceMs } = options
  const queue = createFairQueue<Job>({
    maxJobs: options.maxQueued,
    maxBytes: options.maxQueuedBytes,
    maxJobsPerClient: options.maxQueuedPerClient,
    maxJobsPerModel: options.maxQueuedPerModel,
  })
  /** Each slot's jobs: the one that it does, and at most one that its child finds in the pipe when that is done. */
  const assigned = new Map<Slot, Job[]>()
  /** Jobs whose child died before it came to them: they go first. */
  const interrupted: Job[] = []
  let closed = false

  function pump(): void {
    for (let next = interrupted[0] ?? peek(queue); next !== undefined; next = interrupted[0] ?? peek(queue)) {
      const slot = slotFor(next.model)
      if (slot === undefined) return
      const job = interrupted.shift() ?? dequeue(queue)!
      assigned.get(slot)!.push(job)
      void execute(slot, job)
    }
  }

  function slotFor(model: string): Slot | undefined {
    const ready = [...assigned.keys()].filter(slot => slot.ready)
    const free = ready.filter(slot => assigned.get(slot)!.length === 0)
    const holds = (slot: Slot) => slot.cache.bytesById.has(model)
    return free.find(holds) ?? emptiest(free) ?? ready.find(slot => holds(slot) && hasRoomAhead(slot))
  }

  /** A child that finds its next run in the pipe does not sleep in between. */
  function hasRoomAhead(slot: Slot): boolean {
    const [current, ahead] = assigned.get(slot)!
    return current?.startedMs !== undefined && !current.over && ahead === undefined
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
    const jobs = assigned.get(slot)!
    jobs.splice(jobs.indexOf(job), 1)
    job.sent = false
    job.startedMs = undefined
    const [next] = jobs
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
      if (assigned.get(slot)![0] === job) slot.replace(error)
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
    if (job.startedMs === undefined) return
    for (const [slot, jobs] of assigned) if (jobs[0] === job) killLater(slot, job, error)
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

  function startSlots(resolve: () => void, reject: (error: RuntimeError) => void): void {
    const { providers, threads, memoryLimitBytes, cacheLimitBytes, logger } = options
    for (let index = 0; index < options.slots; index++) {
      const slot = createSlot({
        config: { providers, threads, memoryLimitBytes, parentPid: process.pid },
        cacheLimitBytes,
        clock,
        logger,
        startChild,
        onReady() {
          resolve()
          pump()
        },
        onStartFailed(error, attempts) {
          if (attempts < MAX_FAILED_STARTS || [...assigned.keys()].some(each => each.ready)) return
          reject(error)
          rejectWaiting(error)
        },
      })
      assigned.set(slot, [])
    }
  }

  function submit<Result>(init: SubmitInit<Result>): Promise<Result> {
    const { record, client, bytes, deadlineMs, signal } = init
    if (closed) return Promise.reject(closedError())
    if (signal?.aborted) return Promise.reject(cancelled(signal))
    if (deadlineMs !== undefined && !(deadlineMs > 0))
      return Promise.reject(deadlineExceeded(deadlineMs, 'late'))
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
        cost: record.latency.p50Us || UNKNOWN_COST_US,
        record,
        sent: false,
        startedMs: undefined,
        over: false,
        async work(slot) {
          const result = await init.work(slot, job, () => {
            if (job.over) return false
            job.sent = true
            if (assigned.get(slot)![0] === job) begin(slot, job)
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
      const refusal = enqueue(queue, job)
      if (refusal !== undefined) {
        reject(queueFull(refusal, queue.limits))
        return
      }
      record.inFlight++
      if (deadlineMs !== undefined) {
        cancelTimer = clock.after(Math.min(deadlineMs, LIMITS.deadlineMs), () =>
          abandon(job, deadlineExceeded(deadlineMs, phaseOf(job))),
        )
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      pump()
    })
  }

  const started = new Promise<void>(startSlots)
  return {
    slots: [...assigned.keys()],
    depth() {
      const ahead = [...assigned.values()].filter(([, next]) => next !== undefined && !next.over).length
      return queue.jobs + interrupted.length + ahead
    },
    started,
    isBusy: slot => assigned.get(slot)!.length > 0,
    submit,
    async close() {
      closed = true
      rejectWaiting(closedError())
      await Promise.all([...assigned.keys()].map(slot => slot.close()))
    },
  }
}

function phaseOf({ startedMs }: Job): string {
  return startedMs === undefined ? 'waiting' : 'running'
}

function emptiest(slots: readonly Slot[]): Slot | undefined {
  return slots.toSorted((a, b) => a.cache.usedBytes - b.cache.usedBytes)[0]
}
