import { availableParallelism, totalmem } from 'node:os'
import { type Clock, type Logger, silentLogger, systemClock } from '@neurovoyance/protocol'
import { z } from 'zod'
import { RuntimeError } from '../errors.js'
import type { NodeProvider } from './node-backend.js'

/** Options of `createExecutor`; each has a default. */
export interface ExecutorInit {
  /** Providers in order of preference; `cpu` is the last resort. Default: `['cpu']`. */
  readonly providers?: readonly NodeProvider[]
  /** Models that run at once, each in a child process of its own. Default: 1 below 8 cores, else 2. */
  readonly slots?: number
  /** Threads of one operator. Default: the cores shared among the slots. */
  readonly threads?: number
  /** Resident memory of one child, over which it is ended. Default: 60 % of the machine's, shared. */
  readonly memoryLimitBytes?: number
  /** Sessions that one child keeps loaded. Default: half of `memoryLimitBytes`. */
  readonly cacheLimitBytes?: number
  /** Jobs that wait. Default: 256. */
  readonly maxQueued?: number
  /** Bytes of inputs that wait. Default: 1 GiB. */
  readonly maxQueuedBytes?: number
  /** Jobs of one client that wait. Default: 64. */
  readonly maxQueuedPerClient?: number
  /** Jobs for one model that wait. Default: 128. */
  readonly maxQueuedPerModel?: number
  /**
   * How long a run may go on past its deadline or cancellation before its child is killed. Default: 50; up to
   * 1,000 where the model's earlier runs say that it is nearly done.
   */
  readonly graceMs?: number
  /** How long loading a model may take; a load goes on when the caller has gone. Default: 60,000. */
  readonly loadTimeoutMs?: number
  /** Default: the system's. */
  readonly clock?: Clock
  /** Default: none. */
  readonly logger?: Logger
}

/** {@link ExecutorInit} with every default filled in. */
export type ExecutorOptions = Readonly<Required<ExecutorInit>>

const MiB = 1024 * 1024
/** Node and ONNX Runtime by themselves take about 100 MiB. */
const MIN_MEMORY_BYTES = 192 * MiB
const MANY_CORES = 8
const MEMORY_SHARE = 0.6
const DAY_MS = 86_400_000

const count = z.number().int().positive()
const schema = z.strictObject({
  providers: z.array(z.enum(['cpu', 'cuda', 'webgpu', 'dml', 'coreml'])).default(['cpu']),
  slots: count.max(64).optional(),
  threads: z.number().int().nonnegative().max(1024).optional(),
  memoryLimitBytes: count.min(MIN_MEMORY_BYTES).optional(),
  cacheLimitBytes: count.optional(),
  maxQueued: count.max(100_000).default(256),
  maxQueuedBytes: count.default(1024 * MiB),
  maxQueuedPerClient: count.default(64),
  maxQueuedPerModel: count.default(128),
  graceMs: z.number().nonnegative().max(DAY_MS).default(50),
  loadTimeoutMs: z.number().positive().max(DAY_MS).default(60_000),
})

/**
 * Checks the options and fills in what is left out.
 *
 * @throws RuntimeError RUNTIME_BAD_OPTION
 */
export function executorOptions({ clock, logger, ...init }: ExecutorInit): ExecutorOptions {
  const parsed = schema.safeParse(init)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    const option = issue.path.join('.')
    throw new RuntimeError('RUNTIME_BAD_OPTION', `createExecutor: ${option || 'init'}: ${issue.message}`, {
      details: { option },
    })
  }
  const cores = availableParallelism()
  const slots = parsed.data.slots ?? (cores < MANY_CORES ? 1 : 2)
  const share = Math.max(256 * MiB, Math.floor((machineMemoryBytes() * MEMORY_SHARE) / slots))
  const memoryLimitBytes = parsed.data.memoryLimitBytes ?? share
  return Object.freeze({
    ...parsed.data,
    slots,
    threads: parsed.data.threads ?? Math.max(1, Math.floor(cores / slots)),
    memoryLimitBytes,
    cacheLimitBytes: parsed.data.cacheLimitBytes ?? Math.floor(memoryLimitBytes / 2),
    clock: clock ?? systemClock,
    logger: logger ?? silentLogger,
  })
}

/** The machine's memory, or the container's where that is less. */
function machineMemoryBytes(): number {
  const constrained = process.constrainedMemory()
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
}
