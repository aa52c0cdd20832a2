import { type Clock, type Logger, NeurovoyanceError } from '@neurovoyance/protocol'
import type { SkippedProvider } from '../backend.js'
import type { BodyLayout } from '../channel/framing.js'
import type { Command, Received, Reply } from '../channel/messages.js'
import { createSessionCache, type SessionCache } from '../core/session-cache.js'
import { RuntimeError, type RuntimeErrorCode } from '../errors.js'
import type { ChildConfig } from './child-config.js'
import { type Child, outOfMemory, type StartChildInit } from './child-process.js'
import { closedError } from './job-errors.js'

/** Options of {@link createSlot}. */
export interface SlotInit {
  readonly config: ChildConfig
  readonly cacheLimitBytes: number
  readonly clock: Clock
  readonly logger: Logger
  /** Starts a process; `startChild` of child-process.ts, or a test's. */
  readonly startChild: (init: StartChildInit) => Child
  /** A child is ready. */
  readonly onReady: (slot: Slot) => void
  /** A child could not be started, the `attempts`-th time in a row. */
  readonly onStartFailed: (error: RuntimeError, attempts: number) => void
}

/** A reply that is not a failure. */
export type Success = Exclude<Reply, { op: 'failed' }>

/** The child died before it came to this: it can be asked of the next one. */
export class Interrupted extends Error {
  override name = 'Interrupted'
}

/** A place in which one model runs at a time: a child process, and a new one whenever it dies. */
export interface Slot {
  /** Sessions of the child of now; empty after each replacement. */
  readonly cache: SessionCache
  readonly pid: number
  readonly ready: boolean
  readonly provider: string
  readonly skipped: readonly SkippedProvider[]
  /**
   * Asks the child, which does one thing after the other. Rejects with what it answers; where it dies, with why
   * for the first that waits, and with {@link Interrupted} for those behind it.
   */
  request(command: Command, body?: BodyLayout): Promise<Received<Success>>
  /** Kills the child and starts another at once; what it was doing is rejected with `error`, where there is one. */
  replace(error?: RuntimeError): void
  /** Ends the child for good; resolves when it is gone. */
  close(): Promise<void>
}

const MAX_BACKOFF_MS = 10_000
const FIRST_BACKOFF_MS = 100

/** Makes a slot and starts its first child. */
export function createSlot(init: SlotInit): Slot {
  const { clock, logger, onReady, onStartFailed, startChild } = init
  const { memoryLimitBytes } = init.config
  const pending = new Set<(error: Error) => void>()
  const crashed: SkippedProvider[] = []
  let providers = init.config.providers
  let child: Child
  let cache = createSessionCache(init.cacheLimitBytes)
  let ready: Extract<Reply, { op: 'ready' }> | undefined
  let trusted = false
  let failures = 0
  let cancelRestart = () => {}
  let closed = false

  function start(): void {
    trusted = false
    child = startChild({
      config: { ...init.config, providers },
      logger,
      onReady({ header }) {
        if (header.op === 'ready') {
          ready = header
          onReady(slot)
          return
        }
        void child.kill()
        const reason = header.op === 'failed' ? header.message : 'The child answered out of turn'
        onExit(new RuntimeError('RUNTIME_BACKEND_UNAVAILABLE', reason))
      },
      onExit,
    })
  }

  function onExit(error: RuntimeError): void {
    const wasReady = ready !== undefined
    logger.warn({ pid: child.pid, code: error.code, details: error.details }, error.message)
    reset(error)
    if (closed) return
    const [provider, ...others] = providers
    if (trusted) {
      failures = 0
      start()
    } else if (!wasReady && error.code === 'RUNTIME_CHILD_CRASHED' && others.length > 0) {
      crashed.push({ provider: provider!, reason: `trying it ended the process: ${error.message}` })
      providers = others
      start()
    } else {
      failures++
      cancelRestart = clock.after(Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** failures), start)
      if (!wasReady) onStartFailed(error, failures)
    }
  }

  function reset(error: RuntimeError | undefined): void {
    ready = undefined
    cache = createSessionCache(init.cacheLimitBytes)
    const rejects = [...pending]
    pending.clear()
    for (const [index, reject] of rejects.entries()) {
      reject(index === 0 && error !== undefined ? error : new Interrupted('The child died'))
    }
  }

  const slot: Slot = {
    get cache() {
      return cache
    },
    get pid() {
      return child.pid
    },
    get ready() {
      return ready !== undefined
    },
    get provider() {
      return ready?.provider ?? ''
    },
    get skipped() {
      return [...crashed, ...(ready?.skipped ?? [])]
    },
    request(command, body) {
      return new Promise((resolve, reject) => {
        pending.add(reject)
        // Whatever ends the child from here on is the work's doing: the next one starts without delay.
        trusted = ready !== undefined
        child.send(command, body, reply => {
          pending.delete(reject)
          if (reply.header.op !== 'failed') resolve(reply as Received<Success>)
          else reject(replyError(reply.header, memoryLimitBytes))
        })
      })
    },
    replace(error) {
      void child.kill()
      reset(error)
      if (!closed) start()
    },
    async close() {
      closed = true
      cancelRestart()
      const gone = child.kill()
      reset(closedError())
      await gone
    },
  }
  start()
  return slot
}

function replyError(reply: Extract<Reply, { op: 'failed' }>, limitBytes: number): NeurovoyanceError {
  const { code, message, details } = reply
  if (code === 'RUNTIME_OUT_OF_MEMORY') return outOfMemory(limitBytes)
  if (code.startsWith('RUNTIME_')) return new RuntimeError(code as RuntimeErrorCode, message, { details })
  return new NeurovoyanceError(code, message, { details })
}
