import { type Logger, systemClock } from '@neurovoyance/protocol'

/** How long a node may take to leave: less than those who end services wait before they kill. */
const LEAVING_MS = 8_000

/** Resolves when a signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
}

/** Resolves when the process that holds our standard input ends, however it ends. */
function supervisorGone(): Promise<void> {
  return new Promise(resolve => {
    process.stdin.resume()
    process.stdin.once('end', resolve)
    process.stdin.once('error', () => resolve())
    process.stdin.once('close', resolve)
  })
}

/** Resolves when a node is to leave: at a signal, and where it is supervised at the end of its supervisor. */
export function untilToldToLeave(signal: AbortSignal, isSupervised = false): Promise<void> {
  return Promise.race([aborted(signal), ...(isSupervised ? [supervisorGone()] : [])])
}

/** Ends a process that leaves for too long; what had not ended is in the log. */
export function exitWhenLate(logger: Logger, unended: () => readonly string[]): void {
  systemClock.after(LEAVING_MS, () => {
    logger.error(
      { unended: unended(), afterMs: LEAVING_MS },
      'this node did not leave in time: it ends all the same',
    )
    // an orderly exit waits for threads, and one of them may be what hangs
    process.kill(process.pid, 'SIGKILL')
  })
}
